// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// CHECK-LABEL: func @stem
func.func @stem(%x: tensor<8x224x224x3xf32>, %w: tensor<64x3x7x7xf32>) -> tensor<8x112x112x64xf32> {
  // (224 + 3 + 3 - 7) / 2 + 1 = 112
  // CHECK: graph.conv2d %{{.*}}, %{{.*}} {padding = array<i64: 3, 3, 3, 3>, strides = array<i64: 2, 2>} : (tensor<8x224x224x3xf32>, tensor<64x3x7x7xf32>) -> tensor<8x112x112x64xf32>
  %y = graph.conv2d %x, %w {strides = array<i64: 2, 2>, padding = array<i64: 3, 3, 3, 3>}
     : (tensor<8x224x224x3xf32>, tensor<64x3x7x7xf32>) -> tensor<8x112x112x64xf32>
  return %y : tensor<8x112x112x64xf32>
}

// What is as usual is not written.
// CHECK-LABEL: func @pointwise
func.func @pointwise(%x: tensor<8x32x32x64xf32>, %w: tensor<16x64x1x1xf32>) -> tensor<8x32x32x16xf32> {
  // CHECK: graph.conv2d %{{[a-z0-9]+}}, %{{[a-z0-9]+}} : (
  %y = graph.conv2d %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>,
                            dilations = array<i64: 1, 1>, groups = 1 : i64}
     : (tensor<8x32x32x64xf32>, tensor<16x64x1x1xf32>) -> tensor<8x32x32x16xf32>
  return %y : tensor<8x32x32x16xf32>
}

// CHECK-LABEL: func @every_side_its_own
func.func @every_side_its_own(%x: tensor<2x9x20x6xf32>, %w: tensor<4x3x3x5xf32>) -> tensor<2x4x9x4xf32> {
  // Rows: (9 + 1 + 2 - (2 (3 - 1) + 1)) / 2 + 1 = 4; columns: 20 + 0 + 1 - (3 (5 - 1) + 1) + 1 = 9.
  // CHECK: graph.conv2d {{.*}} {dilations = array<i64: 2, 3>, groups = 2 : i64, padding = array<i64: 1, 0, 2, 1>, strides = array<i64: 2, 1>}
  %y = graph.conv2d %x, %w {strides = array<i64: 2, 1>, padding = array<i64: 1, 0, 2, 1>,
                            dilations = array<i64: 2, 3>, groups = 2 : i64}
     : (tensor<2x9x20x6xf32>, tensor<4x3x3x5xf32>) -> tensor<2x4x9x4xf32>
  return %y : tensor<2x4x9x4xf32>
}

// CHECK-LABEL: func @gradients
func.func @gradients(%x: tensor<8x33x33x16xf32>, %w: tensor<64x16x3x3xf32>,
                     %dy: tensor<8x17x17x64xf32>) {
  // Stride 2 leaves 17 rows of 33 and of 34: the input's gradient is told which by its type.
  // CHECK: graph.conv2d_input_grad {{.*}} -> tensor<8x33x33x16xf32>
  %dx = graph.conv2d_input_grad %dy, %w {strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 1, 1>}
      : (tensor<8x17x17x64xf32>, tensor<64x16x3x3xf32>) -> tensor<8x33x33x16xf32>
  // CHECK: graph.conv2d_input_grad {{.*}} -> tensor<8x34x34x16xf32>
  %dx34 = graph.conv2d_input_grad %dy, %w {strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 1, 1>}
        : (tensor<8x17x17x64xf32>, tensor<64x16x3x3xf32>) -> tensor<8x34x34x16xf32>
  // CHECK: graph.conv2d_weight_grad {{.*}} -> tensor<64x16x3x3xf32>
  %dw = graph.conv2d_weight_grad %x, %dy {strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 1, 1>}
      : (tensor<8x33x33x16xf32>, tensor<8x17x17x64xf32>) -> tensor<64x16x3x3xf32>
  return
}
