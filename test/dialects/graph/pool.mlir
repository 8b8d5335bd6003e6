// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// CHECK-LABEL: func @max_pool
func.func @max_pool(%x: tensor<8x112x112x64xf32>) -> tensor<8x112x112x64xf32> {
  // (112 + 1 + 1 - 3) / 2 + 1 = 56
  // CHECK: graph.max_pool {{.*}} {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<8x112x112x64xf32>) -> (tensor<8x56x56x64xf32>, tensor<8x56x56x64xi8>)
  %y, %where = graph.max_pool %x {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>,
                                  padding = array<i64: 1, 1, 1, 1>}
      : (tensor<8x112x112x64xf32>) -> (tensor<8x56x56x64xf32>, tensor<8x56x56x64xi8>)
  // CHECK: graph.max_pool_grad {{.*}} -> tensor<8x112x112x64xf32>
  %dx = graph.max_pool_grad %y, %where {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>,
                                        padding = array<i64: 1, 1, 1, 1>}
      : (tensor<8x56x56x64xf32>, tensor<8x56x56x64xi8>) -> tensor<8x112x112x64xf32>
  return %dx : tensor<8x112x112x64xf32>
}

// CHECK-LABEL: func @avg_pool
func.func @avg_pool(%x: tensor<8x33x32x64xf32>) -> tensor<8x33x32x64xf32> {
  // Stride 1 and no padding are not written: (33 - 2) + 1 = 32, (32 - 3) + 1 = 30.
  // CHECK: graph.avg_pool %{{[a-z0-9]+}} {kernel = array<i64: 2, 3>} :
  %dense = graph.avg_pool %x {kernel = array<i64: 2, 3>}
      : (tensor<8x33x32x64xf32>) -> tensor<8x32x30x64xf32>
  // CHECK: graph.avg_pool {{.*}} {count_include_pad = false, kernel = array<i64: 2, 2>, padding = array<i64: 1, 0, 0, 0>, strides = array<i64: 2, 2>}
  %y = graph.avg_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>,
                          padding = array<i64: 1, 0, 0, 0>, count_include_pad = false}
      : (tensor<8x33x32x64xf32>) -> tensor<8x17x16x64xf32>
  // CHECK: graph.avg_pool_grad {{.*}} -> tensor<8x33x32x64xf32>
  %dx = graph.avg_pool_grad %y {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>,
                                padding = array<i64: 1, 0, 0, 0>, count_include_pad = false}
      : (tensor<8x17x16x64xf32>) -> tensor<8x33x32x64xf32>
  return %dx : tensor<8x33x32x64xf32>
}

// CHECK-LABEL: func @global_avg_pool
func.func @global_avg_pool(%x: tensor<8x7x7x512xf32>) -> tensor<8x7x7x512xf32> {
  // CHECK: graph.global_avg_pool {{.*}} -> tensor<8x512xf32>
  %y = graph.global_avg_pool %x : (tensor<8x7x7x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.global_avg_pool_grad {{.*}} -> tensor<8x7x7x512xf32>
  %dx = graph.global_avg_pool_grad %y : (tensor<8x512xf32>) -> tensor<8x7x7x512xf32>
  return %dx : tensor<8x7x7x512xf32>
}

// CHECK-LABEL: func @flatten
func.func @flatten(%x: tensor<8x4x4x32xf32>) -> tensor<8x4x4x32xf32> {
  // 4 · 4 · 32 = 512
  // CHECK: graph.flatten {{.*}} -> tensor<8x512xf32>
  %y = graph.flatten %x : (tensor<8x4x4x32xf32>) -> tensor<8x512xf32>
  // CHECK: graph.unflatten {{.*}} -> tensor<8x4x4x32xf32>
  %dx = graph.unflatten %y : (tensor<8x512xf32>) -> tensor<8x4x4x32xf32>
  return %dx : tensor<8x4x4x32xf32>
}
