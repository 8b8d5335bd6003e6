// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// CHECK-LABEL: func @over_dimensions
func.func @over_dimensions(%x: tensor<8x32x32x64xf32>) {
  // CHECK: graph.sum %{{.*}} {dims = array<i64: 1, 2>} : (tensor<8x32x32x64xf32>) -> tensor<8x1x1x64xf32>
  %s = graph.sum %x {dims = array<i64: 1, 2>} : (tensor<8x32x32x64xf32>) -> tensor<8x1x1x64xf32>
  // CHECK: graph.max %{{.*}} {dims = array<i64: 3>} : (tensor<8x32x32x64xf32>) -> tensor<8x32x32x1xf32>
  %m = graph.max %x {dims = array<i64: 3>} : (tensor<8x32x32x64xf32>) -> tensor<8x32x32x1xf32>
  // CHECK: graph.expand %{{.*}} : (tensor<8x1x1x64xf32>) -> tensor<8x32x32x64xf32>
  %y = graph.expand %s : (tensor<8x1x1x64xf32>) -> tensor<8x32x32x64xf32>
  return
}
