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

// Labels are moved as numbers are: each to the token in front of it, what has none left out.
// CHECK-LABEL: func @tokens
func.func @tokens(%l: tensor<8x64xi32>) -> tensor<512xi32> {
  // CHECK: graph.slice {{.*}} -> tensor<8x63xi32>
  %s = graph.slice %l {dim = 1 : i64, begin = 1 : i64, length = 63 : i64} : (tensor<8x64xi32>) -> tensor<8x63xi32>
  // CHECK: graph.pad {{.*}} {begin = 0 : i64, dim = 1 : i64, value = -1.000000e+02 : f64, whole = 64 : i64} : (tensor<8x63xi32>) -> tensor<8x64xi32>
  %p = graph.pad %s {dim = 1 : i64, begin = 0 : i64, whole = 64 : i64, value = -100.0} : (tensor<8x63xi32>) -> tensor<8x64xi32>
  // CHECK: graph.reshape {{.*}} -> tensor<512xi32>
  %r = graph.reshape %p : (tensor<8x64xi32>) -> tensor<512xi32>
  return %r : tensor<512xi32>
}
