// RUN: autopar-opt %s --autopar-differentiate --mlir-use-nameloc-as-prefix -split-input-file -verify-diagnostics | FileCheck %s

// Forward, backward and update in one function, which takes the learning rate. The images need no
// gradient, and none is computed.
// CHECK-LABEL: func.func @step
// CHECK-SAME: %learning_rate: tensor<f32> {graph.input = "learning_rate"}
// CHECK-NOT: linear_input_grad
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1>} {
  func.func @model(%x: tensor<8x4xf32> {graph.input = "images"}, %labels: tensor<8xi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}) {
    %w = graph.variable parameter "w" : tensor<10x4xf32> = #graph.constant<0.0> loc("w")
    %y = graph.linear %x, %w : (tensor<8x4xf32>, tensor<10x4xf32>) -> tensor<8x10xf32> loc("y")
    // CHECK: %loss = graph.softmax_cross_entropy %y
    // CHECK: %y.grad = graph.softmax_cross_entropy_grad %y, %{{.*}} {count = 8 : i64, label_smoothing = 1.000000e-01 : f64}
    %loss = graph.softmax_cross_entropy %y, %labels {count = 8 : i64, label_smoothing = 0.1}
          : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32> loc("loss")
    // CHECK: %w.grad = graph.linear_weight_grad %{{.*}}, %y.grad
    // Without momentum there is no slot.
    // CHECK: %w.new = graph.sgd %w, %w.grad, %learning_rate :
    // CHECK: graph.assign "w" = %w.new
    // CHECK: return %loss
    return %loss : tensor<f32>
  }
}

// -----

// With momentum each parameter has a slot, which starts at zero. An update stands as soon as its
// gradient is complete: the last layer's before the first one's gradient.
// CHECK-LABEL: func.func @step
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, momentum = 0.9, weight_decay = 0.01, nesterov = true>} {
  func.func @model(%x: tensor<8x4xf32> {graph.input = "images"}, %labels: tensor<8xi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}) {
    %a = graph.variable parameter "a" : tensor<6x4xf32> = #graph.constant<0.0> loc("a")
    %h = graph.linear %x, %a : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32> loc("h")
    %b = graph.variable parameter "b" : tensor<10x6xf32> = #graph.constant<0.0> loc("b")
    %y = graph.linear %h, %b : (tensor<8x6xf32>, tensor<10x6xf32>) -> tensor<8x10xf32> loc("y")
    %loss = graph.softmax_cross_entropy %y, %labels {count = 8 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32> loc("loss")
    // CHECK: %h.grad = graph.linear_input_grad %y.grad, %b
    // CHECK: %b.grad = graph.linear_weight_grad %h, %y.grad
    // CHECK: %b.momentum = graph.variable slot "b.momentum" : tensor<10x6xf32> = #graph.constant<0.0>
    // CHECK: %b.new, %{{.*}} = graph.sgd %b, %b.grad, %learning_rate, %b.momentum {momentum = 9.000000e-01 : f64, nesterov, weight_decay = 1.000000e-02 : f64}
    // CHECK: graph.assign "b" = %b.new :
    // CHECK: graph.assign "b.momentum" = %{{.*}} :
    // CHECK: %a.grad = graph.linear_weight_grad
    return %loss : tensor<f32>
  }
}

// -----

// A batch norm falls into its parts, which meet at sums over the batch; the running statistics are
// the next step's.
// CHECK-LABEL: func.func @step
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1>} {
  func.func @model(%x: tensor<8x4x4x10xf32> {graph.input = "images"}, %labels: tensor<8xi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}) {
    %gamma = graph.variable parameter "gamma" : tensor<10xf32> = #graph.constant<1.0> loc("gamma")
    %beta = graph.variable parameter "beta" : tensor<10xf32> = #graph.constant<0.0> loc("beta")
    %mean = graph.variable state "mean" : tensor<10xf32> = #graph.constant<0.0> loc("mean")
    %var = graph.variable state "var" : tensor<10xf32> = #graph.constant<1.0> loc("var")
    // 8 x 4 x 4 rows.
    // CHECK: %bn.stats = graph.batch_norm_stats %
    // CHECK: %bn = graph.batch_norm_apply %{{.*}}, %bn.stats, %gamma, %beta {count = 128 : i64, dist.sharding = #dist.sharding<[{x}, {}, {}, {}]>
    // CHECK: %bn.running, %[[VAR:.*]] = graph.batch_norm_running %bn.stats, %mean, %var {count = 128 : i64, momentum = 1.000000e-01 : f64}
    // CHECK: graph.assign "mean" = %bn.running
    // CHECK: graph.assign "var" = %[[VAR]]
    %bn = graph.batch_norm %x, %gamma, %beta, %mean, %var {dist.sharding = #dist.sharding<[{x}, {}, {}, {}]>}
        : (tensor<8x4x4x10xf32>, tensor<10xf32>, tensor<10xf32>, tensor<10xf32>, tensor<10xf32>) -> tensor<8x4x4x10xf32> loc("bn")
    %y = graph.global_avg_pool %bn : (tensor<8x4x4x10xf32>) -> tensor<8x10xf32> loc("y")
    // CHECK: %bn.grad_sums = graph.batch_norm_grad_sums %{{.*}}, %bn.stats, %bn.grad {count = 128 : i64
    // CHECK-NOT: batch_norm_grad_input
    // CHECK: %bn.grad_parameters, %[[BETA:.*]] = graph.batch_norm_grad_parameters %bn.grad_sums
    // CHECK: %beta.new = graph.sgd %beta, %[[BETA]]
    // CHECK: %gamma.new = graph.sgd %gamma, %bn.grad_parameters
    %loss = graph.softmax_cross_entropy %y, %labels {count = 8 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
}

// -----

// What two read has the sum of two gradients; a parameter that the loss does not depend on has no
// update.
// CHECK-LABEL: func.func @step
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1>} {
  func.func @model(%labels: tensor<8xi32> {graph.input = "labels"}) -> (tensor<f32> {graph.output = "loss"}) {
    %w = graph.variable parameter "w" : tensor<8x10xf32> = #graph.constant<0.0> loc("w")
    %unused = graph.variable parameter "unused" : tensor<10xf32> = #graph.constant<0.0> loc("unused")
    %r = graph.relu %w : (tensor<8x10xf32>) -> tensor<8x10xf32> loc("r")
    %s = graph.add %r, %w : (tensor<8x10xf32>, tensor<8x10xf32>) -> tensor<8x10xf32> loc("s")
    %loss = graph.softmax_cross_entropy %s, %labels {count = 8 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32> loc("loss")
    // CHECK: %[[DIRECT:.*]] = graph.softmax_cross_entropy_grad
    // CHECK: %[[MASKED:.*]] = graph.relu_grad %[[DIRECT]], %r
    // CHECK: %[[SUM:.*]] = graph.add %[[DIRECT]], %[[MASKED]]
    // CHECK: graph.sgd %w, %[[SUM]]
    // CHECK-NOT: graph.assign "unused"
    return %loss : tensor<f32>
  }
}

// -----

//===- errors -----------------------------------------------------------------------------===//

// expected-error@below {{has no function @model to differentiate}}
module @no_model attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1>} {}

// -----

// expected-error@below {{has no optimizer; add graph.optimizer = #graph.sgd<learning_rate = 0.1> to the module's attributes}}
module @no_optimizer {
  func.func @model() { return }
}

// -----

module @no_loss attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1>} {
  // expected-error@below {{@model must return one value, the result of a loss such as graph.softmax_cross_entropy}}
  func.func @model(%x: tensor<4xf32> {graph.input = "images"}) -> tensor<4xf32> {
    return %x : tensor<4xf32>
  }
}

// -----

// Normalizing with the running statistics is for evaluation: it has no gradient.
module @no_gradient attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1>} {
  func.func @model(%labels: tensor<8xi32> {graph.input = "labels"}) -> (tensor<f32> {graph.output = "loss"}) {
    %w = graph.variable parameter "w" : tensor<8x4x4x10xf32> = #graph.constant<0.0>
    %c = graph.variable state "c" : tensor<10xf32> = #graph.constant<1.0>
    // expected-error@below {{'graph.batch_norm_inference' op lies between a parameter and the loss but has no gradient}}
    %bn = graph.batch_norm_inference %w, %c, %c, %c, %c {epsilon = 0.001 : f64}
        : (tensor<8x4x4x10xf32>, tensor<10xf32>, tensor<10xf32>, tensor<10xf32>, tensor<10xf32>) -> tensor<8x4x4x10xf32>
    %y = graph.global_avg_pool %bn : (tensor<8x4x4x10xf32>) -> tensor<8x10xf32>
    %loss = graph.softmax_cross_entropy %y, %labels {count = 8 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
    return %loss : tensor<f32>
  }
}
