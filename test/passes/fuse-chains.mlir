// Calls that work element by element, each on what only it reads of another's, become one.
//
// RUN: autopar-opt %s --autopar-fuse-chains --mlir-use-nameloc-as-prefix | FileCheck %s
// RUN: autopar-opt %s --autopar-fuse-chains --autopar-plan-memory --autopar-verify-memory | FileCheck %s --check-prefix=PLAN

module attributes {rt.target = "cuda"} {
// Inputs are counted first, then what the steps make. The sum is in no plan; the result may lie where
// any input of its type does.
// CHECK-LABEL: func.func @gradient_of_a_sum
func.func @gradient_of_a_sum(%a: tensor<4x8xf16>, %b: tensor<4x8xf16>, %y: tensor<4x8xf16>) -> tensor<4x8xf16> {
  // CHECK-NEXT: %dx = rt.call "Chain" {count = 32 : i64,
  // CHECK-SAME: steps = [#rt.step<"Add" {count = 32 : i64}(0, 1)>, #rt.step<"ReluGrad" {count = 32 : i64}(3, 2)>]}
  // CHECK-SAME: (%arg0, %arg1, %arg2) : (tensor<4x8xf16>, tensor<4x8xf16>, tensor<4x8xf16>) -> tensor<4x8xf16>
  // CHECK-NEXT: return %dx
  // PLAN-LABEL: func @gradient_of_a_sum
  // PLAN:       rt.slice "arg0" input at [[A:[0-9]+]]
  // PLAN-NOT:   "sum"
  // PLAN:       rt.slice "dx" activation at [[A]]
  %sum = rt.call "Add" {count = 32 : i64} (%a, %b) : (tensor<4x8xf16>, tensor<4x8xf16>) -> tensor<4x8xf16> loc("sum")
  %dx = rt.call "ReluGrad" {count = 32 : i64} (%sum, %y) : (tensor<4x8xf16>, tensor<4x8xf16>) -> tensor<4x8xf16> loc("dx")
  return %dx : tensor<4x8xf16>
}

// Views between steps are none of their matter. The bias and dropout's state are read as a whole; an
// input that two steps read is one.
// CHECK-LABEL: func.func @through_views
func.func @through_views(%x: tensor<4x8xf32>, %b: tensor<8xf32>, %state: tensor<2xi64>, %r: tensor<32xbf16>) -> tensor<32xbf16> {
  // CHECK-NEXT: %last = rt.call "Chain" {count = 32 : i64, steps = [#rt.step<"Cast" {count = 32 : i64}(0)>,
  // CHECK-SAME: #rt.step<"BiasAdd" {channels = 8 : i64, rows = 4 : i64}(4, 1)>,
  // CHECK-SAME: #rt.step<"Dropout" {part = {{.*}}}(5, 2)>,
  // CHECK-SAME: #rt.step<"Add" {count = 32 : i64}(3, 6)>,
  // CHECK-SAME: #rt.step<"Add" {count = 32 : i64}(7, 3)>]}(%arg0, %arg1, %arg2, %arg3)
  // CHECK-NEXT: return %last
  %c = rt.call "Cast" {count = 32 : i64} (%x) : (tensor<4x8xf32>) -> tensor<4x8xbf16>
  %h = rt.call "BiasAdd" {rows = 4 : i64, channels = 8 : i64} (%c, %b) : (tensor<4x8xbf16>, tensor<8xf32>) -> tensor<4x8xbf16>
  %d = rt.call "Dropout" {shape = array<i64: 4, 8>, rate = 0.1, site = 3 : i64, part = #dist.part<whole = [4, 8], axes = [[], []]>} (%h, %state)
      : (tensor<4x8xbf16>, tensor<2xi64>) -> tensor<4x8xbf16>
  %v = rt.view %d : tensor<4x8xbf16> -> tensor<2x16xbf16>
  %w = rt.view %v : tensor<2x16xbf16> -> tensor<32xbf16>
  %s = rt.call "Add" {count = 32 : i64} (%r, %w) : (tensor<32xbf16>, tensor<32xbf16>) -> tensor<32xbf16>
  %t = rt.call "Add" {count = 32 : i64} (%s, %r) : (tensor<32xbf16>, tensor<32xbf16>) -> tensor<32xbf16> loc("last")
  return %t : tensor<32xbf16>
}

// What the list of elementwise calls has is a step, forward and backward.
// CHECK-LABEL: func.func @silu
func.func @silu(%x: tensor<32xf16>, %dy: tensor<32xf16>) -> (tensor<32xf16>, tensor<32xf16>) {
  // CHECK-NEXT: rt.call "Chain" {{.*}}steps = [#rt.step<"Silu" {count = 32 : i64}(0)>, #rt.step<"Add" {count = 32 : i64}(2, 1)>]}(%arg0, %arg1)
  // CHECK-NEXT: rt.call "Chain" {{.*}}steps = [#rt.step<"SiluGrad" {count = 32 : i64}(0, 1)>, #rt.step<"Add" {count = 32 : i64}(2, 0)>]}(%arg1, %arg0)
  %y = rt.call "Silu" {count = 32 : i64} (%x) : (tensor<32xf16>) -> tensor<32xf16>
  %z = rt.call "Add" {count = 32 : i64} (%y, %dy) : (tensor<32xf16>, tensor<32xf16>) -> tensor<32xf16>
  %d = rt.call "SiluGrad" {count = 32 : i64} (%dy, %x) : (tensor<32xf16>, tensor<32xf16>) -> tensor<32xf16>
  %dx = rt.call "Add" {count = 32 : i64} (%d, %dy) : (tensor<32xf16>, tensor<32xf16>) -> tensor<32xf16>
  return %z, %dx : tensor<32xf16>, tensor<32xf16>
}

// What is repeated is found by where an element stands: it takes no memory. Sums are calls of their own.
// CHECK-LABEL: func.func @repeated
func.func @repeated(%x: tensor<4x8xf16>, %g: tensor<4x1xf16>) -> (tensor<4x8xf16>, tensor<4x1xf16>) {
  // CHECK-NEXT: rt.call "Chain" {{.*}}steps = [#rt.step<"Expand" {dims = array<i64: 1>, shape = array<i64: 4, 8>}(0)>, #rt.step<"Sigmoid" {count = 32 : i64}(2)>, #rt.step<"Mul" {count = 32 : i64}(1, 3)>, #rt.step<"Clamp" {count = 32 : i64, high = 6.000000e+00 : f64, low = 0.000000e+00 : f64}(4)>]}(%arg1, %arg0)
  // CHECK-NEXT: rt.call "Sum"
  %e = rt.call "Expand" {shape = array<i64: 4, 8>, dims = array<i64: 1>} (%g) : (tensor<4x1xf16>) -> tensor<4x8xf16>
  %s = rt.call "Sigmoid" {count = 32 : i64} (%e) : (tensor<4x8xf16>) -> tensor<4x8xf16>
  %p = rt.call "Mul" {count = 32 : i64} (%x, %s) : (tensor<4x8xf16>, tensor<4x8xf16>) -> tensor<4x8xf16>
  %y = rt.call "Clamp" {count = 32 : i64, low = 0.0 : f64, high = 6.0 : f64} (%p) : (tensor<4x8xf16>) -> tensor<4x8xf16>
  %t = rt.call "Sum" {shape = array<i64: 4, 8>, dims = array<i64: 1>} (%y) workspace 0 : (tensor<4x8xf16>) -> tensor<4x1xf16>
  return %y, %t : tensor<4x8xf16>, tensor<4x1xf16>
}

// Two chains meet in one.
// CHECK-LABEL: func.func @a_tree
func.func @a_tree(%a: tensor<32xf32>, %b: tensor<32xf32>) -> tensor<32xf32> {
  // CHECK-NEXT: rt.call "Chain" {{.*}}steps = [#rt.step<"Relu" {count = 32 : i64}(0)>, #rt.step<"Gelu" {count = 32 : i64, tanh = true}(1)>, #rt.step<"Add" {count = 32 : i64}(2, 3)>]}(%arg0, %arg1)
  // CHECK-NEXT: return
  %x = rt.call "Relu" {count = 32 : i64} (%a) : (tensor<32xf32>) -> tensor<32xf32>
  %y = rt.call "Gelu" {count = 32 : i64, tanh = true} (%b) : (tensor<32xf32>) -> tensor<32xf32>
  %s = rt.call "Add" {count = 32 : i64} (%x, %y) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
  return %s : tensor<32xf32>
}

// To wait for the other calls would be to hold two inputs instead of one sum: what reads the sum comes
// to it, where all that it reads is there.
// CHECK-LABEL: func.func @comes_early
func.func @comes_early(%a: tensor<32xf32>, %b: tensor<32xf32>, %y: tensor<32xf32>, %z: tensor<64xf32>) -> (tensor<32xf32>, tensor<64xf32>) {
  // CHECK-NEXT: rt.call "Chain"
  // CHECK-NEXT: rt.call "Relu"
  // CHECK-NEXT: return
  %sum = rt.call "Add" {count = 32 : i64} (%a, %b) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
  %r = rt.call "Relu" {count = 64 : i64} (%z) : (tensor<64xf32>) -> tensor<64xf32>
  %dx = rt.call "ReluGrad" {count = 32 : i64} (%sum, %y) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
  return %dx, %r : tensor<32xf32>, tensor<64xf32>
}

// What another reads, what is returned, what would be held for longer while other operands are made,
// and what is assigned, which merge-updates makes one call of, stays.
// CHECK-LABEL: func.func @what_stays
func.func @what_stays(%a: tensor<32xf32>, %b: tensor<32xf32>, %z: tensor<32xf32>) -> (tensor<32xf32>, tensor<32xf32>, tensor<f32>) {
  // CHECK-NOT: "Chain"
  // CHECK: return
  %twice = rt.call "Relu" {count = 32 : i64} (%z) : (tensor<32xf32>) -> tensor<32xf32>
  %square = rt.call "SquareSum" {count = 32 : i64} (%twice) workspace 256 : (tensor<32xf32>) -> tensor<f32>
  %returned = rt.call "Gelu" {count = 32 : i64} (%twice) : (tensor<32xf32>) -> tensor<32xf32>
  %after = rt.call "Scale" {count = 32 : i64, factor = 0.5} (%returned) : (tensor<32xf32>) -> tensor<32xf32>
  %total = graph.variable slot "total" : tensor<32xf32> = #graph.constant<0.0>
  %new = rt.call "Add" {count = 32 : i64} (%total, %after) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
  graph.assign "total" = %new : tensor<32xf32>
  %sum = rt.call "Add" {count = 32 : i64} (%a, %b) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
  %made = rt.call "Softmax" {rows = 1 : i64, columns = 32 : i64} (%returned) : (tensor<32xf32>) -> tensor<32xf32>
  %late = rt.call "Add" {count = 32 : i64} (%sum, %made) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
  return %returned, %late, %square : tensor<32xf32>, tensor<32xf32>, tensor<f32>
}

// A variable's old value is not read behind its update.
// CHECK-LABEL: func.func @not_behind_an_update
func.func @not_behind_an_update(%x: tensor<4x8xf32>, %g: tensor<8xf32>, %lr: tensor<f32>) -> tensor<4x8xf32> {
  // CHECK: rt.call "BiasAdd"
  // CHECK: rt.call "Sgd"
  // CHECK: rt.call "Add"
  %b = graph.variable parameter "b" : tensor<8xf32> = #graph.constant<0.0>
  %h = rt.call "BiasAdd" {rows = 4 : i64, channels = 8 : i64} (%x, %b) : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
  %new = rt.call "Sgd" {count = 8 : i64} (%b, %g, %lr) : (tensor<8xf32>, tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  graph.assign "b" = %new : tensor<8xf32>
  %s = rt.call "Softmax" {rows = 4 : i64, columns = 8 : i64} (%x) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %r = rt.call "Add" {count = 32 : i64} (%h, %s) : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %r : tensor<4x8xf32>
}
}
