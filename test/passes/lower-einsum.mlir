// A contraction becomes one matrix product where each kind of letter is one run of memory, else a
// batch of strided ones, with transposes around it where letters of a kind are scattered. Strides are
// in elements.
//
// RUN: autopar-opt %s --autopar-lower-to-cpu=threads=2 --autopar-verify-calls -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: func @linear_layers
func.func @linear_layers(%x: tensor<8x16x128xf32>, %w: tensor<128x3x4x32xf32>, %dy: tensor<8x16x3x4x32xf32>) {
  // m: b and t; n: q, h and d; k: c.
  // CHECK: rt.call "Matmul" {k = 128 : i64, m = 128 : i64, n = 384 : i64, transposeA = false, transposeB = false}(%arg0, %arg1)
  %y = graph.einsum "btc,cqhd->btqhd" %x, %w
     : (tensor<8x16x128xf32>, tensor<128x3x4x32xf32>) -> tensor<8x16x3x4x32xf32>
  // CHECK: rt.call "Matmul" {k = 384 : i64, m = 128 : i64, n = 128 : i64, transposeA = false, transposeB = true}(%arg2, %arg1)
  %dx = graph.einsum "btqhd,cqhd->btc" %dy, %w
      : (tensor<8x16x3x4x32xf32>, tensor<128x3x4x32xf32>) -> tensor<8x16x128xf32>
  // CHECK: rt.call "Matmul" {k = 128 : i64, m = 128 : i64, n = 384 : i64, transposeA = true, transposeB = false}(%arg0, %arg2)
  %dw = graph.einsum "btc,btqhd->cqhd" %x, %dy
      : (tensor<8x16x128xf32>, tensor<8x16x3x4x32xf32>) -> tensor<128x3x4x32xf32>
  return
}

// -----

// The result's letters stand the other way round: the inputs change places.
// CHECK-LABEL: func @swapped
func.func @swapped(%a: tensor<8x32xf32>, %b: tensor<32x16xf32>) {
  // CHECK: rt.call "Matmul" {k = 32 : i64, m = 16 : i64, n = 8 : i64, transposeA = true, transposeB = true}(%arg1, %arg0)
  %c = graph.einsum "mk,kn->nm" %a, %b : (tensor<8x32xf32>, tensor<32x16xf32>) -> tensor<16x8xf32>
  return
}

// -----

// Dimensions of size 1 stand anywhere: a rank with one head has a plain product.
// CHECK-LABEL: func @one_head
func.func @one_head(%x: tensor<8x16x128xf32>, %w: tensor<1x128x32xf32>) {
  // CHECK: rt.call "Matmul" {k = 128 : i64, m = 128 : i64, n = 32 : i64,
  %y = graph.einsum "btc,hcd->bthd" %x, %w : (tensor<8x16x128xf32>, tensor<1x128x32xf32>) -> tensor<8x16x1x32xf32>
  return
}

// -----

// Attention written out: loops over b and h around products that step over the other heads.
// CHECK-LABEL: func @batched
func.func @batched(%q: tensor<8x16x4x32xf32>, %p: tensor<8x4x16x16xf32>) {
  // CHECK: rt.call "StridedMatmul" {aInner = 32 : i64, aK = 1 : i64, aM = 128 : i64, aOuter = 2048 : i64, bInner = 32 : i64, bK = 1 : i64, bN = 128 : i64, bOuter = 2048 : i64, cInner = 256 : i64, cM = 16 : i64, cN = 1 : i64, cOuter = 1024 : i64, inner = 4 : i64, k = 32 : i64, m = 16 : i64, n = 16 : i64, outer = 8 : i64}(%arg0, %arg0)
  %s = graph.einsum "bthd,bshd->bhts" %q, %q
     : (tensor<8x16x4x32xf32>, tensor<8x16x4x32xf32>) -> tensor<8x4x16x16xf32>
  // CHECK: rt.call "StridedMatmul" {{.*}}inner = 4 : i64, k = 16 : i64, m = 16 : i64, n = 32 : i64, outer = 8 : i64}(%arg1, %arg0)
  %y = graph.einsum "bhts,bshd->bthd" %p, %q
     : (tensor<8x4x16x16xf32>, tensor<8x16x4x32xf32>) -> tensor<8x16x4x32xf32>
  return
}

// -----

// b and h stand side by side in all three and are one loop.
// CHECK-LABEL: func @one_loop
func.func @one_loop(%q: tensor<8x4x16x32xf32>) {
  // CHECK: rt.call "StridedMatmul" {aInner = 512 : i64, {{.*}}, inner = 32 : i64, k = 32 : i64, m = 16 : i64, n = 16 : i64, outer = 1 : i64}
  %s = graph.einsum "bhtd,bhsd->bhts" %q, %q
     : (tensor<8x4x16x32xf32>, tensor<8x4x16x32xf32>) -> tensor<8x4x16x16xf32>
  return
}

// -----

// Loops over a, y, x and bz around the product are more than a call has. The inputs are smaller than the
// result, in whose order they are put: a, and yxbz.
// CHECK-LABEL: func @too_many_loops
func.func @too_many_loops(%a: tensor<2x4x3x5x2x7xf32>, %b: tensor<2x4x3x5x2x8xf32>) {
  // CHECK-DAG: %[[A:.*]] = rt.call "Transpose" {permutation = array<i64: 1, 2, 0, 3, 4, 5>, {{.*}}}(%arg0)
  // CHECK-DAG: %[[B:.*]] = rt.call "Transpose" {permutation = array<i64: 1, 2, 0, 3, 4, 5>, {{.*}}}(%arg1)
  // CHECK: rt.call "StridedMatmul" {{.*}}inner = 60 : i64, k = 1 : i64, m = 7 : i64, n = 8 : i64, outer = 4 : i64}(%[[A]], %[[B]])
  %c = graph.einsum "xaybzk,xaybzn->ankyxbz" %a, %b
     : (tensor<2x4x3x5x2x7xf32>, tensor<2x4x3x5x2x8xf32>) -> tensor<4x8x7x3x2x5x2xf32>
  return
}

// -----

// One sum over two letters takes them side by side, in one order.
// CHECK-LABEL: func @scattered_sum
func.func @scattered_sum(%a: tensor<8x2x3xf32>, %b: tensor<3x2x4xf32>) {
  // CHECK: %[[B:.*]] = rt.call "Transpose" {permutation = array<i64: 1, 0, 2>, shape = array<i64: 3, 2, 4>}(%arg1)
  // CHECK: rt.call "Matmul" {k = 6 : i64, m = 8 : i64, n = 4 : i64, transposeA = false, transposeB = false}(%arg0, %[[B]])
  %c = graph.einsum "mij,jin->mn" %a, %b : (tensor<8x2x3xf32>, tensor<3x2x4xf32>) -> tensor<8x4xf32>
  return
}

// -----

// Multi-query attention: the gradient of the keys sums over the heads, too.
// CHECK-LABEL: func @multi_query
func.func @multi_query(%q: tensor<8x16x4x32xf32>, %ds: tensor<8x4x16x12xf32>) {
  // CHECK: %[[DS:.*]] = rt.call "Transpose" {permutation = array<i64: 0, 2, 1, 3>, shape = array<i64: 8, 4, 16, 12>}(%arg1)
  // CHECK: rt.call "StridedMatmul" {{.*}}inner = 8 : i64, k = 64 : i64, m = 32 : i64, n = 12 : i64, outer = 1 : i64}(%arg0, %[[DS]])
  %dk = graph.einsum "bthd,bhts->bsd" %q, %ds
      : (tensor<8x16x4x32xf32>, tensor<8x4x16x12xf32>) -> tensor<8x12x32xf32>
  return
}
