// RUN: autopar-opt %s | autopar-opt | FileCheck %s

module attributes {dist.mesh = #dist.mesh<x = 2, y = 4>} {
  // CHECK-LABEL: func @all_reduce
  func.func @all_reduce(%stats: tensor<2x64xf64>, %loss: tensor<f32>) -> (tensor<2x64xf64>, tensor<f32>) {
    // CHECK: dist.all_reduce %{{.*}} over {x, y} : (tensor<2x64xf64>) -> tensor<2x64xf64>
    %one = dist.all_reduce %stats over {x, y} : (tensor<2x64xf64>) -> tensor<2x64xf64>
    // CHECK: dist.all_reduce %{{.*}}, %{{.*}} over {y} : (tensor<2x64xf64>, tensor<f32>) -> (tensor<2x64xf64>, tensor<f32>)
    %bucket:2 = dist.all_reduce %one, %loss over {y}
        : (tensor<2x64xf64>, tensor<f32>) -> (tensor<2x64xf64>, tensor<f32>)
    return %bucket#0, %bucket#1 : tensor<2x64xf64>, tensor<f32>
  }

  // The inverse of each other in shape: 2 ranks along x, 4 along y, 8 along both.
  // CHECK-LABEL: func @gather_and_scatter
  func.func @gather_and_scatter(%w: tensor<8x64xf32>, %b: tensor<16xf32>) -> (tensor<8x64xf32>, tensor<16xf32>) {
    // CHECK: dist.all_gather %{{.*}} over {x, y} dims [0] : (tensor<8x64xf32>) -> tensor<64x64xf32>
    %whole = dist.all_gather %w over {x, y} dims [0] : (tensor<8x64xf32>) -> tensor<64x64xf32>
    // CHECK: dist.reduce_scatter %{{.*}} over {x, y} dims [0] : (tensor<64x64xf32>) -> tensor<8x64xf32>
    %part = dist.reduce_scatter %whole over {x, y} dims [0] : (tensor<64x64xf32>) -> tensor<8x64xf32>
    // CHECK: dist.all_gather %{{.*}}, %{{.*}} over {y} dims [1, 0] : (tensor<8x64xf32>, tensor<16xf32>) -> (tensor<8x256xf32>, tensor<64xf32>)
    %wholes:2 = dist.all_gather %part, %b over {y} dims [1, 0]
        : (tensor<8x64xf32>, tensor<16xf32>) -> (tensor<8x256xf32>, tensor<64xf32>)
    // CHECK: dist.reduce_scatter %{{.*}}, %{{.*}} over {y} dims [1, 0] : (tensor<8x256xf32>, tensor<64xf32>) -> (tensor<8x64xf32>, tensor<16xf32>)
    %parts:2 = dist.reduce_scatter %wholes#0, %wholes#1 over {y} dims [1, 0]
        : (tensor<8x256xf32>, tensor<64xf32>) -> (tensor<8x64xf32>, tensor<16xf32>)
    return %parts#0, %parts#1 : tensor<8x64xf32>, tensor<16xf32>
  }

  // CHECK-LABEL: func @all_to_all
  func.func @all_to_all(%x: tensor<4x32x32x64xf32>) -> tensor<8x32x32x32xf32> {
    // CHECK: dist.all_to_all %{{.*}} over {x} split 3 concat 0 : (tensor<4x32x32x64xf32>) -> tensor<8x32x32x32xf32>
    %y = dist.all_to_all %x over {x} split 3 concat 0 : (tensor<4x32x32x64xf32>) -> tensor<8x32x32x32xf32>
    return %y : tensor<8x32x32x32xf32>
  }

  // CHECK-LABEL: func @slice
  func.func @slice(%w: tensor<64x64xf32>) -> tensor<64x16xf32> {
    // CHECK: dist.slice %{{.*}} over {y} dim 1 : (tensor<64x64xf32>) -> tensor<64x16xf32>
    %block = dist.slice %w over {y} dim 1 : (tensor<64x64xf32>) -> tensor<64x16xf32>
    return %block : tensor<64x16xf32>
  }
}
