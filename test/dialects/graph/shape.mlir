// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// CHECK-LABEL: func @shapes
func.func @shapes(%x: tensor<8x64x12x32xf32>, %p: tensor<1024x768xf32>) {
  // CHECK: graph.reshape {{.*}} -> tensor<8x64x384xf32>
  %r = graph.reshape %x : (tensor<8x64x12x32xf32>) -> tensor<8x64x384xf32>
  // CHECK: graph.transpose %{{.*}} {permutation = array<i64: 0, 2, 1, 3>} : {{.*}} -> tensor<8x12x64x32xf32>
  %t = graph.transpose %x {permutation = array<i64: 0, 2, 1, 3>} : (tensor<8x64x12x32xf32>) -> tensor<8x12x64x32xf32>
  // CHECK: graph.slice {{.*}} -> tensor<64x768xf32>
  %s = graph.slice %p {dim = 0 : i64, begin = 10 : i64, length = 64 : i64} : (tensor<1024x768xf32>) -> tensor<64x768xf32>
  // CHECK: graph.pad {{.*}} -> tensor<1024x768xf32>
  %d = graph.pad %s {dim = 0 : i64, begin = 10 : i64, whole = 1024 : i64} : (tensor<64x768xf32>) -> tensor<1024x768xf32>
  // CHECK: graph.concat {{.*}} -> tensor<1088x768xf32>
  %c = graph.concat %s, %d {dim = 0 : i64} : (tensor<64x768xf32>, tensor<1024x768xf32>) -> tensor<1088x768xf32>
  return
}
