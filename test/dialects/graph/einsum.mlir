// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// CHECK-LABEL: func @einsum
func.func @einsum(%x: tensor<8x64x128xf32>, %w: tensor<128x3x4x32xf32>, %q: tensor<8x64x4x32xf32>) {
  // CHECK: graph.einsum "btc,cqhd->btqhd" %{{.*}}, %{{.*}} : (tensor<8x64x128xf32>, tensor<128x3x4x32xf32>) -> tensor<8x64x3x4x32xf32>
  %y = graph.einsum "btc,cqhd->btqhd" %x, %w
     : (tensor<8x64x128xf32>, tensor<128x3x4x32xf32>) -> tensor<8x64x3x4x32xf32>
  // Batched: b and h stand in all three.
  // CHECK: graph.einsum "bthd,bshd->bhts" {{.*}} -> tensor<8x4x64x64xf32>
  %s = graph.einsum "bthd,bshd->bhts" %q, %q
     : (tensor<8x64x4x32xf32>, tensor<8x64x4x32xf32>) -> tensor<8x4x64x64xf32>
  return
}
