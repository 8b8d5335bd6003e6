// Updates of many parameters in one call, as far as memory has room for the gradients that wait.
//
// REQUIRES: cuda
// RUN: autopar-opt %s -split-input-file --autopar-merge-updates --mlir-use-nameloc-as-prefix | FileCheck %s
// RUN: autopar-opt %s -split-input-file --autopar-merge-updates --autopar-plan-memory --autopar-verify-memory | FileCheck %s --check-prefix=PLAN
// RUN: autopar-opt %s -split-input-file --autopar-plan-memory | FileCheck %s --check-prefix=BEFORE

module attributes {rt.target = "cuda"} {
// What differs between the parameters is a column; what they share stands behind the rows.
// CHECK-LABEL: func.func @in_one_call
func.func @in_one_call(%ga: tensor<64xf32>, %gb: tensor<128xf32>, %lr: tensor<f32>) {
  %a = graph.variable parameter "a" : tensor<64xf32> = #graph.constant<0.0> loc("a")
  %am = graph.variable slot "a.m" : tensor<64xf32> = #graph.constant<0.0> loc("a.m")
  %b = graph.variable parameter "b" : tensor<128xf32> = #graph.constant<0.0> loc("b")
  %bm = graph.variable slot "b.m" : tensor<128xf32> = #graph.constant<0.0> loc("b.m")
  // CHECK:      %[[ALL:.*]]:4 = rt.call "SgdAll"
  // CHECK-SAME:   {count = array<i64: 64, 128>, momentum = 9.000000e-01 : f64, weightDecay = array<f64: 1.000000e-01, 0.000000e+00>}
  // CHECK-SAME:   (%a, %arg0, %a.m, %b, %arg1, %b.m, %arg2)
  // CHECK-NEXT: graph.assign "a" = %[[ALL]]#0
  // CHECK-NEXT: graph.assign "a.m" = %[[ALL]]#1
  // CHECK-NEXT: graph.assign "b" = %[[ALL]]#2
  // CHECK-NEXT: graph.assign "b.m" = %[[ALL]]#3
  // CHECK-NEXT: return
  // PLAN: rt.call "SgdAll"
  // PLAN-NOT: rt.call
  %a1, %am1 = rt.call "Sgd" {count = 64 : i64, momentum = 0.9 : f64, weightDecay = 0.1 : f64} (%a, %ga, %lr, %am)
      : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>)
  graph.assign "a" = %a1 : tensor<64xf32>
  graph.assign "a.m" = %am1 : tensor<64xf32>
  %b1, %bm1 = rt.call "Sgd" {count = 128 : i64, momentum = 0.9 : f64, weightDecay = 0.0 : f64} (%b, %gb, %lr, %bm)
      : (tensor<128xf32>, tensor<128xf32>, tensor<f32>, tensor<128xf32>) -> (tensor<128xf32>, tensor<128xf32>)
  graph.assign "b" = %b1 : tensor<128xf32>
  graph.assign "b.m" = %bm1 : tensor<128xf32>
  return
}
}

// -----

module attributes {rt.target = "cuda"} {
// The fullest moment is the Copy, with 8192 bytes before and behind it. The first gradient, of 4096,
// does not outlast it; the second, of 256, waits for the third. The arena stays what it was.
// CHECK-LABEL: func.func @no_moment_becomes_fuller
// CHECK: rt.call "Sgd" {count = 1024
// CHECK: rt.call "Copy"
// CHECK-NOT: rt.call "Sgd"
// CHECK: rt.call "SgdAll" {count = array<i64: 64, 64>
// BEFORE: {{.*}}rt.arena = 25604 : i64
// PLAN: {{.*}}rt.arena = 25604 : i64
func.func @no_moment_becomes_fuller(%x: tensor<1024xf32>, %lr: tensor<f32>) -> tensor<2048xf32> {
  %a = graph.variable parameter "a" : tensor<1024xf32> = #graph.constant<0.0>
  %am = graph.variable slot "a.m" : tensor<1024xf32> = #graph.constant<0.0>
  %b = graph.variable parameter "b" : tensor<64xf32> = #graph.constant<0.0>
  %bm = graph.variable slot "b.m" : tensor<64xf32> = #graph.constant<0.0>
  %c = graph.variable parameter "c" : tensor<64xf32> = #graph.constant<0.0>
  %cm = graph.variable slot "c.m" : tensor<64xf32> = #graph.constant<0.0>
  %ga = rt.call "Relu" {count = 1024 : i64} (%x) : (tensor<1024xf32>) -> tensor<1024xf32>
  %a1, %am1 = rt.call "Sgd" {count = 1024 : i64, momentum = 0.9 : f64} (%a, %ga, %lr, %am)
      : (tensor<1024xf32>, tensor<1024xf32>, tensor<f32>, tensor<1024xf32>) -> (tensor<1024xf32>, tensor<1024xf32>)
  graph.assign "a" = %a1 : tensor<1024xf32>
  graph.assign "a.m" = %am1 : tensor<1024xf32>
  %y = rt.call "Zeros" {count = 2048 : i64} () : () -> tensor<2048xf32>
  %z = rt.call "Copy" {count = 2048 : i64} (%y) : (tensor<2048xf32>) -> tensor<2048xf32>
  %gb = rt.call "Zeros" {count = 64 : i64} () : () -> tensor<64xf32>
  %b1, %bm1 = rt.call "Sgd" {count = 64 : i64, momentum = 0.9 : f64} (%b, %gb, %lr, %bm)
      : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>)
  graph.assign "b" = %b1 : tensor<64xf32>
  graph.assign "b.m" = %bm1 : tensor<64xf32>
  %gc = rt.call "Zeros" {count = 64 : i64} () : () -> tensor<64xf32>
  %c1, %cm1 = rt.call "Sgd" {count = 64 : i64, momentum = 0.9 : f64} (%c, %gc, %lr, %cm)
      : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>)
  graph.assign "c" = %c1 : tensor<64xf32>
  graph.assign "c.m" = %cm1 : tensor<64xf32>
  return %z : tensor<2048xf32>
}
}

// -----

module attributes {rt.target = "cuda", dist.mesh = #dist.mesh<x = 2>} {
// What is updated in part (ZeRO-1) is gathered at once; the update does not wait beyond that. The
// results of a row have their own place where they are no variables.
// CHECK-LABEL: func.func @not_beyond_a_reader
// CHECK:      rt.call "AdamWAll" {beta1 = {{.*}} count = array<i64: 32, 32>
// CHECK:      rt.call "AllGather"
// CHECK:      rt.call "AdamW" {
// PLAN-COUNT-2: rt.slice "{{[ab]}}.part.new"
func.func @not_beyond_a_reader(%ga: tensor<32xf32>, %gb: tensor<32xf32>, %gc: tensor<32xf32>, %lr: tensor<f32>, %state: tensor<2xi64>) {
  %a = graph.variable parameter "a" : tensor<64xf32> = #graph.constant<0.0>
  %b = graph.variable parameter "b" : tensor<64xf32> = #graph.constant<0.0>
  %c = graph.variable parameter "c" : tensor<64xf32> = #graph.constant<0.0>
  %am = graph.variable slot "a.m" : tensor<32xf32> = #graph.constant<0.0>
  %av = graph.variable slot "a.v" : tensor<32xf32> = #graph.constant<0.0>
  %bm = graph.variable slot "b.m" : tensor<32xf32> = #graph.constant<0.0>
  %bv = graph.variable slot "b.v" : tensor<32xf32> = #graph.constant<0.0>
  %cm = graph.variable slot "c.m" : tensor<32xf32> = #graph.constant<0.0>
  %cv = graph.variable slot "c.v" : tensor<32xf32> = #graph.constant<0.0>
  %ap = rt.call "CopySlice" {axes = array<i64: 0>, dim = 0 : i64} (%a) : (tensor<64xf32>) -> tensor<32xf32> loc("a.part")
  %bp = rt.call "CopySlice" {axes = array<i64: 0>, dim = 0 : i64} (%b) : (tensor<64xf32>) -> tensor<32xf32> loc("b.part")
  %cp = rt.call "CopySlice" {axes = array<i64: 0>, dim = 0 : i64} (%c) : (tensor<64xf32>) -> tensor<32xf32> loc("c.part")
  %a1, %am1, %av1 = rt.call "AdamW" {count = 32 : i64, beta1 = 0.9 : f64, beta2 = 0.95 : f64, epsilon = 1.0e-8 : f64}
      (%ap, %ga, %lr, %state, %am, %av) : (tensor<32xf32>, tensor<32xf32>, tensor<f32>, tensor<2xi64>, tensor<32xf32>, tensor<32xf32>)
      -> (tensor<32xf32>, tensor<32xf32>, tensor<32xf32>)
  graph.assign "a.m" = %am1 : tensor<32xf32>
  graph.assign "a.v" = %av1 : tensor<32xf32>
  %b1, %bm1, %bv1 = rt.call "AdamW" {count = 32 : i64, beta1 = 0.9 : f64, beta2 = 0.95 : f64, epsilon = 1.0e-8 : f64}
      (%bp, %gb, %lr, %state, %bm, %bv) : (tensor<32xf32>, tensor<32xf32>, tensor<f32>, tensor<2xi64>, tensor<32xf32>, tensor<32xf32>)
      -> (tensor<32xf32>, tensor<32xf32>, tensor<32xf32>)
  graph.assign "b.m" = %bm1 : tensor<32xf32>
  graph.assign "b.v" = %bv1 : tensor<32xf32>
  %whole:2 = rt.call "AllGather" {axes = array<i64: 0>, dims = array<i64: 0, 0>} (%a1, %b1) workspace 0
      : (tensor<32xf32>, tensor<32xf32>) -> (tensor<64xf32>, tensor<64xf32>)
  graph.assign "a" = %whole#0 : tensor<64xf32>
  graph.assign "b" = %whole#1 : tensor<64xf32>
  %c1, %cm1, %cv1 = rt.call "AdamW" {count = 32 : i64, beta1 = 0.9 : f64, beta2 = 0.95 : f64, epsilon = 1.0e-8 : f64}
      (%cp, %gc, %lr, %state, %cm, %cv) : (tensor<32xf32>, tensor<32xf32>, tensor<f32>, tensor<2xi64>, tensor<32xf32>, tensor<32xf32>)
      -> (tensor<32xf32>, tensor<32xf32>, tensor<32xf32>)
  graph.assign "c.m" = %cm1 : tensor<32xf32>
  graph.assign "c.v" = %cv1 : tensor<32xf32>
  %whole_c = rt.call "AllGather" {axes = array<i64: 0>, dims = array<i64: 0>} (%c1) workspace 0 : (tensor<32xf32>) -> tensor<64xf32>
  graph.assign "c" = %whole_c : tensor<64xf32>
  return
}
}

// -----

module attributes {rt.target = "cuda"} {
// Gradients of micro-batches are added to their totals in one call, in place.
// CHECK-LABEL: func.func @micro_batch
// CHECK:      rt.call "Add"{{.*}}(%arg0, %arg0)
// CHECK-NEXT: rt.call "AddAll" {count = array<i64: 64, 128>}(%a, %arg0, %b, %arg1)
// CHECK-NEXT: graph.assign "a.total"
// CHECK-NEXT: graph.assign "b.total"
func.func @micro_batch(%ga: tensor<64xf32>, %gb: tensor<128xf32>) -> tensor<64xf32> {
  %a = graph.variable slot "a.total" : tensor<64xf32> = #graph.constant<0.0> loc("a")
  %b = graph.variable slot "b.total" : tensor<128xf32> = #graph.constant<0.0> loc("b")
  %other = rt.call "Add" {count = 64 : i64} (%ga, %ga) : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  %a1 = rt.call "Add" {count = 64 : i64} (%a, %ga) : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
  graph.assign "a.total" = %a1 : tensor<64xf32>
  %b1 = rt.call "Add" {count = 128 : i64} (%b, %gb) : (tensor<128xf32>, tensor<128xf32>) -> tensor<128xf32>
  graph.assign "b.total" = %b1 : tensor<128xf32>
  return %other : tensor<64xf32>
}
}

// -----

module attributes {rt.target = "cuda"} {
// Totals of gradients are measured in one call, and set to zero in one at the end.
// CHECK-LABEL: func.func @totals
// CHECK:      %squares = rt.call "SquareSumAll" {count = array<i64: 64, 16385>}(%a, %b) workspace 256 : (tensor<64xf32>, tensor<16385xf32>) -> tensor<f64>
// CHECK-NEXT: rt.call "ClipFactor" {{.*}}(%squares)
// CHECK-NEXT: %[[ZEROS:.*]]:2 = rt.call "ZerosAll" {count = array<i64: 64, 16385>}() : () -> (tensor<64xf32>, tensor<16385xf32>)
// CHECK-NEXT: graph.assign "a.total" = %[[ZEROS]]#0
// CHECK-NEXT: graph.assign "b.total" = %[[ZEROS]]#1
func.func @totals() -> tensor<f32> {
  %a = graph.variable slot "a.total" : tensor<64xf32> = #graph.constant<0.0> loc("a")
  %b = graph.variable slot "b.total" : tensor<16385xf32> = #graph.constant<0.0> loc("b")
  %sa = rt.call "SquareSum" {count = 64 : i64} (%a) workspace 256 : (tensor<64xf32>) -> tensor<f64>
  %sb = rt.call "SquareSum" {count = 16385 : i64} (%b) workspace 256 : (tensor<16385xf32>) -> tensor<f64>
  %za = rt.call "Zeros" {count = 64 : i64} () : () -> tensor<64xf32>
  graph.assign "a.total" = %za : tensor<64xf32>
  %zb = rt.call "Zeros" {count = 16385 : i64} () : () -> tensor<16385xf32>
  graph.assign "b.total" = %zb : tensor<16385xf32>
  %s = rt.call "AddScalars" {} (%sa, %sb) : (tensor<f64>, tensor<f64>) -> tensor<f64> loc("squares")
  %f = rt.call "ClipFactor" {maximum = 1.0 : f64} (%s) : (tensor<f64>) -> tensor<f32>
  return %f : tensor<f32>
}
}

// -----

module attributes {rt.target = "cuda"} {
// An update does not wait where its gradient is read again behind it: the relu could not write over
// the gradient then.
// CHECK-LABEL: func.func @read_again
// CHECK-NOT: SgdAll
func.func @read_again(%ga: tensor<64xf32>, %gb: tensor<64xf32>, %lr: tensor<f32>) -> tensor<64xf32> {
  %a = graph.variable parameter "a" : tensor<64xf32> = #graph.constant<0.0> loc("a")
  %am = graph.variable slot "a.m" : tensor<64xf32> = #graph.constant<0.0> loc("a.m")
  %b = graph.variable parameter "b" : tensor<64xf32> = #graph.constant<0.0> loc("b")
  %bm = graph.variable slot "b.m" : tensor<64xf32> = #graph.constant<0.0> loc("b.m")
  %a1, %am1 = rt.call "Sgd" {count = 64 : i64, momentum = 0.9 : f64} (%a, %ga, %lr, %am)
      : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>)
  graph.assign "a" = %a1 : tensor<64xf32>
  graph.assign "a.m" = %am1 : tensor<64xf32>
  %again = rt.call "Relu" {count = 64 : i64} (%ga) : (tensor<64xf32>) -> tensor<64xf32>
  %b1, %bm1 = rt.call "Sgd" {count = 64 : i64, momentum = 0.9 : f64} (%b, %gb, %lr, %bm)
      : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>)
  graph.assign "b" = %b1 : tensor<64xf32>
  graph.assign "b.m" = %bm1 : tensor<64xf32>
  return %again : tensor<64xf32>
}
}

// -----

module attributes {rt.target = "cuda"} {
// Where there is dampening the state that tells the first step is shared, as the learning rate is.
// CHECK-LABEL: func.func @dampened
// CHECK: rt.call "SgdAll" {count = array<i64: 64, 64>, dampening = 5.000000e-01 : f64, momentum
// CHECK-SAME: (%a, %arg0, %a.m, %b, %arg1, %b.m, %arg2, %arg3)
// PLAN-LABEL: func.func @dampened
// PLAN: rt.call "SgdAll"
func.func @dampened(%ga: tensor<64xf32>, %gb: tensor<64xf32>, %lr: tensor<f32>, %state: tensor<2xi64>) {
  %a = graph.variable parameter "a" : tensor<64xf32> = #graph.constant<0.0> loc("a")
  %am = graph.variable slot "a.m" : tensor<64xf32> = #graph.constant<0.0> loc("a.m")
  %b = graph.variable parameter "b" : tensor<64xf32> = #graph.constant<0.0> loc("b")
  %bm = graph.variable slot "b.m" : tensor<64xf32> = #graph.constant<0.0> loc("b.m")
  %a1, %am1 = rt.call "Sgd" {count = 64 : i64, momentum = 0.9 : f64, dampening = 0.5 : f64} (%a, %ga, %lr, %am, %state)
      : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<64xf32>, tensor<2xi64>) -> (tensor<64xf32>, tensor<64xf32>)
  graph.assign "a" = %a1 : tensor<64xf32>
  graph.assign "a.m" = %am1 : tensor<64xf32>
  %b1, %bm1 = rt.call "Sgd" {count = 64 : i64, momentum = 0.9 : f64, dampening = 0.5 : f64} (%b, %gb, %lr, %bm, %state)
      : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<64xf32>, tensor<2xi64>) -> (tensor<64xf32>, tensor<64xf32>)
  graph.assign "b" = %b1 : tensor<64xf32>
  graph.assign "b.m" = %bm1 : tensor<64xf32>
  return
}
}

// -----

module attributes {rt.target = "cuda"} {
// Batch norms' running statistics are updated in one call, though what they are made of is read again
// behind them: nothing may be written over that. So are the gradients of their parameters made, where
// the update that reads them waits for all.
// CHECK-LABEL: func.func @norms
// CHECK-NOT:  rt.call "BatchNormRunning"
// CHECK:      %[[RUNNING:.*]]:4 = rt.call "BatchNormRunningAll" {channels = array<i64: 64, 32>, count = array<i64: 100, 50>, momentum = 1.000000e-01 : f64}
// CHECK-SAME:   (%arg0, %m, %v, %arg1, %n, %w)
// CHECK-NEXT: graph.assign "m" = %[[RUNNING]]#0
// CHECK-NEXT: graph.assign "v" = %[[RUNNING]]#1
// CHECK-NEXT: graph.assign "n" = %[[RUNNING]]#2
// CHECK-NEXT: graph.assign "w" = %[[RUNNING]]#3
// CHECK-NEXT: rt.call "Copy"
// CHECK-NEXT: %[[GRADS:.*]]:4 = rt.call "BatchNormGradParametersAll" {channels = array<i64: 64, 32>}(%arg2, %arg3)
// CHECK-NEXT: rt.call "SgdAll" {{.*}}(%{{.*}}, %[[GRADS]]#0, %{{.*}}, %{{.*}}, %[[GRADS]]#2, %{{.*}}, %{{.*}})
// PLAN-LABEL: func.func @norms
// PLAN: rt.call "BatchNormRunningAll"
// PLAN: rt.call "BatchNormGradParametersAll"
func.func @norms(%s: tensor<2x64xf64>, %t: tensor<2x32xf64>, %sg: tensor<2x64xf64>, %tg: tensor<2x32xf64>, %lr: tensor<f32>) -> (tensor<2x64xf64>, tensor<64xf32>, tensor<32xf32>) {
  %m = graph.variable state "m" : tensor<64xf32> = #graph.constant<0.0> loc("m")
  %v = graph.variable state "v" : tensor<64xf32> = #graph.constant<1.0> loc("v")
  %n = graph.variable state "n" : tensor<32xf32> = #graph.constant<0.0> loc("n")
  %w = graph.variable state "w" : tensor<32xf32> = #graph.constant<1.0> loc("w")
  %g = graph.variable parameter "g" : tensor<64xf32> = #graph.constant<1.0> loc("g")
  %gm = graph.variable slot "g.m" : tensor<64xf32> = #graph.constant<0.0> loc("g.m")
  %h = graph.variable parameter "h" : tensor<32xf32> = #graph.constant<1.0> loc("h")
  %hm = graph.variable slot "h.m" : tensor<32xf32> = #graph.constant<0.0> loc("h.m")
  %m1, %v1 = rt.call "BatchNormRunning" {channels = 64 : i64, count = 100 : i64, momentum = 0.1 : f64} (%s, %m, %v)
      : (tensor<2x64xf64>, tensor<64xf32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>)
  graph.assign "m" = %m1 : tensor<64xf32>
  graph.assign "v" = %v1 : tensor<64xf32>
  %n1, %w1 = rt.call "BatchNormRunning" {channels = 32 : i64, count = 50 : i64, momentum = 0.1 : f64} (%t, %n, %w)
      : (tensor<2x32xf64>, tensor<32xf32>, tensor<32xf32>) -> (tensor<32xf32>, tensor<32xf32>)
  graph.assign "n" = %n1 : tensor<32xf32>
  graph.assign "w" = %w1 : tensor<32xf32>
  %again = rt.call "Copy" {count = 128 : i64} (%s) : (tensor<2x64xf64>) -> tensor<2x64xf64>
  %dg, %db = rt.call "BatchNormGradParameters" {channels = 64 : i64} (%sg) : (tensor<2x64xf64>) -> (tensor<64xf32>, tensor<64xf32>)
  %g1, %gm1 = rt.call "Sgd" {count = 64 : i64, momentum = 0.9 : f64} (%g, %dg, %lr, %gm)
      : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>)
  graph.assign "g" = %g1 : tensor<64xf32>
  graph.assign "g.m" = %gm1 : tensor<64xf32>
  %dh, %dk = rt.call "BatchNormGradParameters" {channels = 32 : i64} (%tg) : (tensor<2x32xf64>) -> (tensor<32xf32>, tensor<32xf32>)
  %h1, %hm1 = rt.call "Sgd" {count = 32 : i64, momentum = 0.9 : f64} (%h, %dh, %lr, %hm)
      : (tensor<32xf32>, tensor<32xf32>, tensor<f32>, tensor<32xf32>) -> (tensor<32xf32>, tensor<32xf32>)
  graph.assign "h" = %h1 : tensor<32xf32>
  graph.assign "h.m" = %hm1 : tensor<32xf32>
  return %again, %db, %dk : tensor<2x64xf64>, tensor<64xf32>, tensor<32xf32>
}
}
