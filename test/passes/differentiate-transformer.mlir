// What differentiation makes of a language model, of dropout and of AdamW.
//
// RUN: autopar-opt %s --autopar-name-values --autopar-derive-evaluation --autopar-differentiate --mlir-use-nameloc-as-prefix -split-input-file | FileCheck %s

// The loss comes apart at the sums over the vocabulary; its gradient goes to the logits at once. The
// tied table has two uses, whose gradients are added before the one update.
// CHECK-LABEL: func.func @step
// CHECK-SAME: %state: tensor<2xi64> {graph.input = "state"}
module attributes {graph.optimizer = #graph.adamw<learning_rate = 0.1, weight_decay = 0.1>} {
  func.func @model(%tokens: tensor<2x4xi32> {graph.input = "tokens"}, %labels: tensor<2x4xi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}) {
    %wte = graph.variable parameter "wte.weight" : tensor<16x8xf32> = #graph.normal<0.02> {stored = array<i64: 10, 8>} loc("wte.weight")
    %b = graph.variable parameter "b" : tensor<2x4xf32> = #graph.constant<0.0> {stored = array<i64: 8>} loc("b")
    %e = graph.embedding %tokens, %wte : (tensor<2x4xi32>, tensor<16x8xf32>) -> tensor<2x4x8xf32> loc("wte")
    %r = graph.reshape %e : (tensor<2x4x8xf32>) -> tensor<2x4x2x4xf32> loc("r")
    %a = graph.bias_add %r, %b : (tensor<2x4x2x4xf32>, tensor<2x4xf32>) -> tensor<2x4x2x4xf32> loc("a")
    %x = graph.reshape %a : (tensor<2x4x2x4xf32>) -> tensor<2x4x8xf32> loc("x")
    %y = graph.einsum "btc,vc->btv" %x, %wte : (tensor<2x4x8xf32>, tensor<16x8xf32>) -> tensor<2x4x16xf32> loc("y")
    // CHECK: %loss.sums = graph.vocabulary_sums %y, %labels {valid = 10 : i64}
    // CHECK-SAME: -> tensor<2x4x1x3xf64>
    // CHECK: %loss = graph.cross_entropy_of_sums %loss.sums, %labels {count = 8 : i64}
    // The optimizer counts its own steps.
    // CHECK: %[[STEPS:.*]] = graph.variable slot "adamw.steps" : tensor<f32> = #graph.constant<0.0>
    // CHECK: %[[TAKEN:.*]], %[[NEXT:.*]] = graph.steps_taken %state, %[[STEPS]] :
    // CHECK: graph.assign "adamw.steps" = %[[NEXT]]
    %loss = graph.language_loss %y, %labels {count = 8 : i64, valid = 10 : i64} : (tensor<2x4x16xf32>, tensor<2x4xi32>) -> tensor<f32> loc("loss")
    // CHECK: %y.grad = graph.cross_entropy_of_sums_grad %y, %labels, %loss.sums {count = 8 : i64, valid = 10 : i64}
    // CHECK: %x.grad = graph.einsum "btv,vc->btc" %y.grad, %wte.weight
    // CHECK: %[[HEAD:wte.weight.grad.*]] = graph.einsum "btc,btv->vc" %x, %y.grad
    // CHECK: %b.grad = graph.bias_grad %{{.*}} {bias_rank = 2 : i64}
    // CHECK: %[[TABLE:wte.weight.grad.*]] = graph.embedding_grad %tokens,
    // CHECK: %[[BOTH:wte.weight.grad.*]] = graph.add %[[HEAD]], %[[TABLE]]
    // A bias has no decay, in whichever shape the program has it.
    // CHECK: graph.adamw %b, {{.*}}epsilon = {{[^,]*}}} :
    // CHECK: graph.assign "b.exp_avg_sq"
    // CHECK: graph.variable slot "wte.weight.exp_avg" : tensor<16x8xf32> = #graph.constant<0.0> {stored = array<i64: 10, 8>}
    // CHECK: graph.adamw %wte.weight, %[[BOTH]], %learning_rate, %[[TAKEN]], {{.*}}weight_decay = 1.000000e-01
    return %loss : tensor<f32>
  }
}

// No count of right answers, so evaluation has one result; and no update, so it has no state.
// CHECK-LABEL: func.func @evaluate
// CHECK-SAME: (%tokens: {{[^)]*}}) -> (tensor<f32> {graph.output = "loss"})
// CHECK: graph.cross_entropy_of_sums

// -----

// Sites are counted in order; the gradient of a dropout is the dropout of the gradient.
// CHECK-LABEL: func.func @step
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1>} {
  func.func @model(%labels: tensor<4xi32> {graph.input = "labels"}) -> (tensor<f32> {graph.output = "loss"}) {
    %w = graph.variable parameter "w" : tensor<4x8xf32> = #graph.normal<0.02> loc("w")
    // CHECK: %a = graph.random_dropout %w, %state {rate = 1.000000e-01 : f64}
    %a = graph.dropout %w {rate = 0.1} : (tensor<4x8xf32>) -> tensor<4x8xf32> loc("a")
    // CHECK: %b = graph.random_dropout %a, %state {rate = 2.000000e-01 : f64, site = 1 : i64}
    %b = graph.dropout %a {rate = 0.2} : (tensor<4x8xf32>) -> tensor<4x8xf32> loc("b")
    %loss = graph.softmax_cross_entropy %b, %labels {count = 4 : i64} : (tensor<4x8xf32>, tensor<4xi32>) -> tensor<f32> loc("loss")
    // CHECK: %a.grad = graph.random_dropout %b.grad, %state {rate = 2.000000e-01 : f64, site = 1 : i64}
    // CHECK: %w.grad = graph.random_dropout %a.grad, %state {rate = 1.000000e-01 : f64}
    return %loss : tensor<f32>
  }
}

// CHECK-LABEL: func.func @evaluate
// CHECK-NOT: dropout
// CHECK: graph.softmax_cross_entropy %w, %labels

// -----

// With clipping every update waits for the norm of all gradients.
// CHECK-LABEL: func.func @step
module attributes {graph.optimizer = #graph.adamw<learning_rate = 0.1, clip = 1.0>} {
  func.func @model(%x: tensor<8x4xf32> {graph.input = "images"}, %labels: tensor<8xi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}) {
    %a = graph.variable parameter "a" : tensor<4x6xf32> = #graph.constant<0.0> loc("a")
    %h = graph.einsum "nk,km->nm" %x, %a : (tensor<8x4xf32>, tensor<4x6xf32>) -> tensor<8x6xf32> loc("h")
    %b = graph.variable parameter "b" : tensor<6xf32> = #graph.constant<0.0> loc("b")
    %y = graph.bias_add %h, %b : (tensor<8x6xf32>, tensor<6xf32>) -> tensor<8x6xf32> loc("y")
    %loss = graph.softmax_cross_entropy %y, %labels {count = 8 : i64} : (tensor<8x6xf32>, tensor<8xi32>) -> tensor<f32> loc("loss")
    // CHECK: %a.grad = graph.einsum "nk,nm->km"
    // CHECK: %b.grad.squares = graph.square_sum %b.grad
    // CHECK: %a.grad.squares = graph.square_sum %a.grad
    // CHECK: %gradients.squares = graph.add_scalars %b.grad.squares, %a.grad.squares
    // CHECK: %gradients.clip = graph.clip_factor %gradients.squares {maximum = 1.000000e+00 : f64}
    // CHECK: graph.adamw %b, %b.grad, {{.*}}, %gradients.clip {
    // CHECK: graph.adamw %a, %a.grad, {{.*}}, %gradients.clip {
    return %loss : tensor<f32>
  }
}
