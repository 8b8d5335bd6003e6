// A matrix product takes over what stands around it, where nobody else reads what is between.
//
// REQUIRES: cuda
// RUN: autopar-opt %s --autopar-fuse-epilogues --mlir-use-nameloc-as-prefix | FileCheck %s
// RUN: autopar-opt %s --autopar-fuse-epilogues --autopar-plan-memory --autopar-verify-memory | FileCheck %s --check-prefix=PLAN

module attributes {rt.target = "cuda"} {
// What the GELU is of, which its gradient reads, is a second result. The bias is rounded to the
// workspace, as the weights are.
// CHECK-LABEL: func.func @gelu
func.func @gelu(%x: tensor<32x64xbf16>, %w: tensor<64x256xf32>, %b: tensor<256xf32>, %dy: tensor<32x64xbf16>, %w2: tensor<256x64xf32>) -> tensor<32x256xbf16> {
  // CHECK-NEXT: %act:2 = rt.call "MatmulBiasGeluAux" {k = 64 : i64, m = 32 : i64, n = 256 : i64, typeA = bf16, typeC = bf16}(%arg0, %arg1, %arg2) workspace 33587712
  // CHECK-NEXT: %act.grad = rt.call "MatmulGeluGrad" {{.*}}transposeB = true{{.*}}(%arg3, %arg4, %act#1)
  // CHECK-NEXT: rt.call "Add"{{.*}}(%act#0, %act.grad)
  %p = rt.call "Matmul" {m = 32 : i64, n = 256 : i64, k = 64 : i64, typeA = bf16, typeC = bf16} (%x, %w) workspace 33587200
      : (tensor<32x64xbf16>, tensor<64x256xf32>) -> tensor<32x256xbf16>
  %h = rt.call "BiasAdd" {rows = 32 : i64, channels = 256 : i64} (%p, %b) : (tensor<32x256xbf16>, tensor<256xf32>) -> tensor<32x256xbf16>
  %y = rt.call "Gelu" {count = 8192 : i64, tanh = true} (%h) : (tensor<32x256xbf16>) -> tensor<32x256xbf16> loc("act")
  %d = rt.call "Matmul" {m = 32 : i64, n = 256 : i64, k = 64 : i64, transposeB = true, typeA = bf16, typeC = bf16} (%dy, %w2) workspace 33587200
      : (tensor<32x64xbf16>, tensor<256x64xf32>) -> tensor<32x256xbf16>
  %dh = rt.call "GeluGrad" {count = 8192 : i64, tanh = true} (%d, %h) : (tensor<32x256xbf16>, tensor<32x256xbf16>) -> tensor<32x256xbf16> loc("act.grad")
  %both = rt.call "Add" {count = 8192 : i64} (%y, %dh) : (tensor<32x256xbf16>, tensor<32x256xbf16>) -> tensor<32x256xbf16>
  return %both : tensor<32x256xbf16>
}

// In evaluation nothing is kept; the residual is added where it lies.
// CHECK-LABEL: func.func @residual
func.func @residual(%x: tensor<32x64xf32>, %w: tensor<64x256xf32>, %b: tensor<256xf32>, %w2: tensor<64x256xf32>, %b2: tensor<64xf32>, %s: tensor<32x64xf32>) -> tensor<32x64xf32> {
  // CHECK-NEXT: %[[Y:.*]] = rt.call "MatmulBiasGelu" {{.*}}(%arg0, %arg1, %arg2)
  // CHECK-NEXT: rt.call "MatmulBias" {k = 256 : i64, m = 32 : i64, n = 64 : i64, tf32 = true, transposeB = true}(%[[Y]], %arg3, %arg4, %arg5)
  // CHECK-NEXT: return
  // PLAN:      func @residual
  // PLAN:      rt.slice "arg5" input at [[AT:[0-9]+]]
  // PLAN:      rt.slice "add" activation at [[AT]]
  %p = rt.call "Matmul" {m = 32 : i64, n = 256 : i64, k = 64 : i64} (%x, %w) workspace 33554432
      : (tensor<32x64xf32>, tensor<64x256xf32>) -> tensor<32x256xf32>
  %h = rt.call "BiasAdd" {rows = 32 : i64, channels = 256 : i64} (%p, %b) : (tensor<32x256xf32>, tensor<256xf32>) -> tensor<32x256xf32>
  %y = rt.call "Gelu" {count = 8192 : i64, tanh = true} (%h) : (tensor<32x256xf32>) -> tensor<32x256xf32>
  %q = rt.call "LinearForward" {batch = 32 : i64, inputs = 256 : i64, outputs = 64 : i64, tf32 = true} (%y, %w2) workspace 33554432
      : (tensor<32x256xf32>, tensor<64x256xf32>) -> tensor<32x64xf32>
  %z = rt.call "BiasAdd" {rows = 32 : i64, channels = 64 : i64} (%q, %b2) : (tensor<32x64xf32>, tensor<64xf32>) -> tensor<32x64xf32>
  %r = rt.call "Add" {count = 2048 : i64} (%s, %z) : (tensor<32x64xf32>, tensor<32x64xf32>) -> tensor<32x64xf32> loc("add")
  return %r : tensor<32x64xf32>
}

// The gradient of a bias beside that of its weights, whichever factor has it; before a reader of
// either.
// CHECK-LABEL: func.func @bias_gradients
func.func @bias_gradients(%x: tensor<32x64xbf16>, %dy: tensor<32x16xbf16>) -> (tensor<64x16xf32>, tensor<16x64xf32>, tensor<16xf32>, tensor<16xf32>) {
  // CHECK-NEXT: %[[B:.*]]:2 = rt.call "MatmulSumB" {k = 32 : i64, m = 64 : i64, n = 16 : i64, transposeA = true, typeA = bf16, typeB = bf16}(%arg0, %arg1)
  // CHECK-NEXT: %[[S:.*]] = rt.call "Scale" {{.*}}(%[[B]]#1)
  // CHECK-NEXT: %[[A:.*]]:2 = rt.call "MatmulSumA" {k = 32 : i64, m = 16 : i64, n = 64 : i64, transposeA = true, typeA = bf16, typeB = bf16}(%arg1, %arg0)
  // CHECK-NEXT: return %[[B]]#0, %[[A]]#0, %[[S]], %[[A]]#1
  %db = rt.call "BiasGrad" {rows = 32 : i64, channels = 16 : i64} (%dy) workspace 256 : (tensor<32x16xbf16>) -> tensor<16xf32>
  %s = rt.call "Scale" {count = 16 : i64, factor = 2.0 : f64} (%db) : (tensor<16xf32>) -> tensor<16xf32>
  %dw = rt.call "Matmul" {m = 64 : i64, n = 16 : i64, k = 32 : i64, transposeA = true, typeA = bf16, typeB = bf16} (%x, %dy) workspace 33554432
      : (tensor<32x64xbf16>, tensor<32x16xbf16>) -> tensor<64x16xf32>
  %db2 = rt.call "BiasGrad" {rows = 32 : i64, channels = 16 : i64} (%dy) workspace 256 : (tensor<32x16xbf16>) -> tensor<16xf32>
  %dv = rt.call "LinearWeightGrad" {batch = 32 : i64, inputs = 64 : i64, outputs = 16 : i64, type = bf16} (%x, %dy) workspace 33554432
      : (tensor<32x64xbf16>, tensor<32x16xbf16>) -> tensor<16x64xf32>
  return %dw, %dv, %s, %db2 : tensor<64x16xf32>, tensor<16x64xf32>, tensor<16xf32>, tensor<16xf32>
}

// Gradients of micro-batches are added up where the total lies, which the product starts from. It
// does not wait for what is made behind it.
// CHECK-LABEL: func.func @totals
func.func @totals(%x: tensor<32x64xf32>, %dy: tensor<32x16xf32>, %g: tensor<64x16xf32>) -> (tensor<64x16xf32>, tensor<16xf32>) {
  // CHECK-NEXT: %total = graph.variable
  // CHECK-NEXT: %[[DW:.*]]:2 = rt.call "MatmulSumB" {{.*}}(%arg0, %arg1, %total)
  // CHECK-NEXT: graph.assign "w.total" = %[[DW]]#0
  // CHECK-NEXT: %other = graph.variable
  // CHECK-NEXT: %[[DV:.*]] = rt.call "MatmulAdd" {{.*}}(%arg0, %arg1, %other)
  // CHECK-NEXT: graph.assign "v.total" = %[[DV]]
  // CHECK-NEXT: %[[LAST:.*]] = rt.call "Matmul"
  // CHECK-NEXT: %[[LATER:.*]] = rt.call "Scale"
  // CHECK-NEXT: rt.call "Add"{{.*}}(%[[LATER]], %[[LAST]])
  // PLAN: func @totals
  // PLAN: rt.slice "w.total.new" slot at {{[0-9]+}} live{{.*}} updates "w.total"
  // PLAN-NOT: rt.call "Copy"
  %db = rt.call "BiasGrad" {rows = 32 : i64, channels = 16 : i64} (%dy) workspace 256 : (tensor<32x16xf32>) -> tensor<16xf32>
  %dw = rt.call "Matmul" {m = 64 : i64, n = 16 : i64, k = 32 : i64, transposeA = true} (%x, %dy) workspace 33554432
      : (tensor<32x64xf32>, tensor<32x16xf32>) -> tensor<64x16xf32>
  %total = graph.variable slot "w.total" : tensor<64x16xf32> = #graph.constant<0.0> loc("total")
  %sum = rt.call "Add" {count = 1024 : i64} (%total, %dw) : (tensor<64x16xf32>, tensor<64x16xf32>) -> tensor<64x16xf32>
  graph.assign "w.total" = %sum : tensor<64x16xf32>
  %dv = rt.call "Matmul" {m = 64 : i64, n = 16 : i64, k = 32 : i64, transposeA = true} (%x, %dy) workspace 33554432
      : (tensor<32x64xf32>, tensor<32x16xf32>) -> tensor<64x16xf32>
  %other = graph.variable slot "v.total" : tensor<64x16xf32> = #graph.constant<0.0> loc("other")
  %sum_v = rt.call "Add" {count = 1024 : i64} (%other, %dv) : (tensor<64x16xf32>, tensor<64x16xf32>) -> tensor<64x16xf32>
  graph.assign "v.total" = %sum_v : tensor<64x16xf32>
  %last = rt.call "Matmul" {m = 64 : i64, n = 16 : i64, k = 32 : i64, transposeA = true} (%x, %dy) workspace 33554432
      : (tensor<32x64xf32>, tensor<32x16xf32>) -> tensor<64x16xf32>
  %later = rt.call "Scale" {count = 1024 : i64, factor = 2.0 : f64} (%g) : (tensor<64x16xf32>) -> tensor<64x16xf32>
  %r = rt.call "Add" {count = 1024 : i64} (%later, %last) : (tensor<64x16xf32>, tensor<64x16xf32>) -> tensor<64x16xf32>
  return %r, %db : tensor<64x16xf32>, tensor<16xf32>
}

// The gradient of a layer normalization starts from the residual's, and is written over it; not from
// one that is made behind it.
// CHECK-LABEL: func.func @residual_gradient
func.func @residual_gradient(%dy: tensor<32x64xbf16>, %x: tensor<32x64xbf16>, %g: tensor<64xf32>, %m: tensor<32xf32>, %r: tensor<32xf32>, %d: tensor<32x64xbf16>) -> tensor<32x64xbf16> {
  // CHECK-NEXT: %[[ONE:.*]] = rt.call "LayerNormGradInputAdd" {channels = 64 : i64, rows = 32 : i64}(%arg0, %arg1, %arg2, %arg3, %arg4, %arg5)
  // CHECK-NEXT: %[[TWO:.*]] = rt.call "LayerNormGradInput"
  // CHECK-NEXT: %[[LATER:.*]] = rt.call "Relu"
  // CHECK-NEXT: rt.call "Add"{{.*}}(%[[LATER]], %[[TWO]])
  // PLAN: func @residual_gradient
  // PLAN: rt.slice "arg5" input at [[RESIDUAL:[0-9]+]]
  // PLAN: rt.slice "one" activation at [[RESIDUAL]]
  %dx = rt.call "LayerNormGradInput" {rows = 32 : i64, channels = 64 : i64} (%dy, %x, %g, %m, %r)
      : (tensor<32x64xbf16>, tensor<32x64xbf16>, tensor<64xf32>, tensor<32xf32>, tensor<32xf32>) -> tensor<32x64xbf16> loc("one")
  %one = rt.call "Add" {count = 2048 : i64} (%d, %dx) : (tensor<32x64xbf16>, tensor<32x64xbf16>) -> tensor<32x64xbf16>
  %dz = rt.call "LayerNormGradInput" {rows = 32 : i64, channels = 64 : i64} (%one, %x, %g, %m, %r)
      : (tensor<32x64xbf16>, tensor<32x64xbf16>, tensor<64xf32>, tensor<32xf32>, tensor<32xf32>) -> tensor<32x64xbf16>
  %later = rt.call "Relu" {count = 2048 : i64} (%one) : (tensor<32x64xbf16>) -> tensor<32x64xbf16>
  %two = rt.call "Add" {count = 2048 : i64} (%later, %dz) : (tensor<32x64xbf16>, tensor<32x64xbf16>) -> tensor<32x64xbf16>
  return %two : tensor<32x64xbf16>
}

// The exact GELU is none of cuBLASLt's, nor is one of 12 columns beside which another is kept; a
// product that is read twice stays as it is.
// CHECK-LABEL: func.func @what_stays
func.func @what_stays(%x: tensor<32x64xf32>, %w: tensor<64x12xf32>, %b: tensor<12xf32>) -> (tensor<32x12xf32>, tensor<32x12xf32>, tensor<32x12xf32>, tensor<32x12xf32>) {
  // CHECK-NEXT: %[[H:.*]] = rt.call "MatmulBias"
  // CHECK-NEXT: rt.call "Gelu"{{.*}}(%[[H]])
  // CHECK-NEXT: rt.call "Gelu"{{.*}}(%[[H]])
  // CHECK-NEXT: rt.call "Matmul"
  // CHECK-NEXT: rt.call "BiasAdd"
  %p = rt.call "Matmul" {m = 32 : i64, n = 12 : i64, k = 64 : i64} (%x, %w) workspace 33554432
      : (tensor<32x64xf32>, tensor<64x12xf32>) -> tensor<32x12xf32>
  %h = rt.call "BiasAdd" {rows = 32 : i64, channels = 12 : i64} (%p, %b) : (tensor<32x12xf32>, tensor<12xf32>) -> tensor<32x12xf32>
  %y = rt.call "Gelu" {count = 384 : i64} (%h) : (tensor<32x12xf32>) -> tensor<32x12xf32>
  %z = rt.call "Gelu" {count = 384 : i64, tanh = true} (%h) : (tensor<32x12xf32>) -> tensor<32x12xf32>
  %q = rt.call "Matmul" {m = 32 : i64, n = 12 : i64, k = 64 : i64} (%x, %w) workspace 33554432
      : (tensor<32x64xf32>, tensor<64x12xf32>) -> tensor<32x12xf32>
  %g = rt.call "BiasAdd" {rows = 32 : i64, channels = 12 : i64} (%q, %b) : (tensor<32x12xf32>, tensor<12xf32>) -> tensor<32x12xf32>
  return %y, %z, %q, %g : tensor<32x12xf32>, tensor<32x12xf32>, tensor<32x12xf32>, tensor<32x12xf32>
}

// Of two GELUs of one sum, as recomputation makes them, the first is taken in; a gradient that starts
// from another one does not start from a total as well.
// CHECK-LABEL: func.func @once
func.func @once(%x: tensor<32x64xf32>, %w: tensor<64x256xf32>, %b: tensor<256xf32>, %dy: tensor<32x16xf32>, %dz: tensor<32x16xf32>) -> (tensor<32x256xf32>, tensor<32x256xf32>, tensor<64x16xf32>, tensor<16xf32>, tensor<16xf32>) {
  // CHECK: %forward:2 = rt.call "MatmulBiasGeluAux"
  // CHECK: %again = rt.call "Gelu"{{.*}}(%forward#1)
  %p = rt.call "Matmul" {m = 32 : i64, n = 256 : i64, k = 64 : i64} (%x, %w) workspace 33554432 : (tensor<32x64xf32>, tensor<64x256xf32>) -> tensor<32x256xf32>
  %s = rt.call "BiasAdd" {rows = 32 : i64, channels = 256 : i64} (%p, %b) : (tensor<32x256xf32>, tensor<256xf32>) -> tensor<32x256xf32>
  %g = rt.call "Gelu" {count = 8192 : i64, tanh = true} (%s) : (tensor<32x256xf32>) -> tensor<32x256xf32> loc("forward")
  %r = rt.call "Relu" {count = 8192 : i64} (%g) : (tensor<32x256xf32>) -> tensor<32x256xf32>
  %h = rt.call "Gelu" {count = 8192 : i64, tanh = true} (%s) : (tensor<32x256xf32>) -> tensor<32x256xf32> loc("again")
  // CHECK: %[[ONE:.*]]:2 = rt.call "MatmulSumB"{{.*}}(%arg0, %arg3)
  // CHECK: rt.call "MatmulSumB"{{.*}}(%arg0, %arg4, %[[ONE]]#0)
  // CHECK: rt.call "Add"
  %db = rt.call "BiasGrad" {rows = 32 : i64, channels = 16 : i64} (%dy) workspace 256 : (tensor<32x16xf32>) -> tensor<16xf32>
  %dw = rt.call "Matmul" {m = 64 : i64, n = 16 : i64, k = 32 : i64, transposeA = true} (%x, %dy) workspace 33554432 : (tensor<32x64xf32>, tensor<32x16xf32>) -> tensor<64x16xf32>
  %dc = rt.call "BiasGrad" {rows = 32 : i64, channels = 16 : i64} (%dz) workspace 256 : (tensor<32x16xf32>) -> tensor<16xf32>
  %dv = rt.call "Matmul" {m = 64 : i64, n = 16 : i64, k = 32 : i64, transposeA = true} (%x, %dz) workspace 33554432 : (tensor<32x64xf32>, tensor<32x16xf32>) -> tensor<64x16xf32>
  %both = rt.call "Add" {count = 1024 : i64} (%dw, %dv) : (tensor<64x16xf32>, tensor<64x16xf32>) -> tensor<64x16xf32>
  %total = graph.variable slot "u.total" : tensor<64x16xf32> = #graph.constant<0.0>
  %sum = rt.call "Add" {count = 1024 : i64} (%total, %both) : (tensor<64x16xf32>, tensor<64x16xf32>) -> tensor<64x16xf32>
  return %r, %h, %sum, %db, %dc : tensor<32x256xf32>, tensor<32x256xf32>, tensor<64x16xf32>, tensor<16xf32>, tensor<16xf32>
}
}
