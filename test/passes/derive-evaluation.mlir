// RUN: autopar-opt %s --autopar-derive-evaluation --mlir-use-nameloc-as-prefix -split-input-file -verify-diagnostics | FileCheck %s

// The model stays as it is; the evaluation is a copy that normalizes with the running statistics,
// updates nothing and counts right answers.
// CHECK-LABEL: func.func @model
// CHECK: graph.batch_norm %
func.func @model(%images: tensor<8x4x4x16xf32> {graph.input = "images"}, %labels: tensor<8xi32> {graph.input = "labels"})
    -> (tensor<f32> {graph.output = "loss"}) {
  %gamma = graph.variable parameter "gamma" : tensor<16xf32> = #graph.constant<1.0> loc("gamma")
  %beta = graph.variable parameter "beta" : tensor<16xf32> = #graph.constant<0.0> loc("beta")
  %mean = graph.variable state "mean" : tensor<16xf32> = #graph.constant<0.0> loc("mean")
  %var = graph.variable state "var" : tensor<16xf32> = #graph.constant<1.0> loc("var")
  %bn = graph.batch_norm %images, %gamma, %beta, %mean, %var {epsilon = 0.001 : f64, dist.sharding = #dist.sharding<[{x}, {}, {}, {}]>}
      : (tensor<8x4x4x16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<8x4x4x16xf32> loc("bn")
  %logits = graph.global_avg_pool %bn : (tensor<8x4x4x16xf32>) -> tensor<8x16xf32> loc("logits")
  %loss = graph.softmax_cross_entropy %logits, %labels {count = 8 : i64} : (tensor<8x16xf32>, tensor<8xi32>) -> tensor<f32> loc("loss")
  return %loss : tensor<f32>
}
// CHECK-LABEL: func.func @evaluate
// CHECK-SAME: -> (tensor<f32> {graph.output = "loss"}, tensor<f32> {graph.output = "correct"})
// CHECK: %bn = graph.batch_norm_inference %{{.*}}, %gamma, %beta, %mean, %var {dist.sharding = #dist.sharding<[{x}, {}, {}, {}]>, epsilon = 1.000000e-03 : f64}
// CHECK-NOT: graph.assign
// CHECK: %loss = graph.softmax_cross_entropy %logits, %{{.*}} {count = 8 : i64}
// CHECK: %correct = graph.count_correct %logits
// CHECK: return %loss, %correct : tensor<f32>, tensor<f32>

// -----

// Of several losses the first classifier's answers count, and the labels that its mean is over.
// CHECK-LABEL: func.func @evaluate
// CHECK-SAME: -> (tensor<f32> {graph.output = "loss"}, tensor<f32> {graph.output = "correct"}, tensor<f32> {graph.output = "kept"})
// CHECK: %correct = graph.count_correct %main
// CHECK: return %loss, %correct, %kept : tensor<f32>, tensor<f32>, tensor<f32>
func.func @model(%main: tensor<8x10xf32> {graph.input = "main"} loc("main"), %other: tensor<8x10xf32> {graph.input = "other"}, %labels: tensor<8xi32> {graph.input = "labels"})
    -> (tensor<f32> {graph.output = "loss"}) {
  %aux = graph.softmax_cross_entropy %other, %labels {count = 8 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
  %sum = graph.softmax_cross_entropy %main, %labels {count = 1 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
  %kept = graph.count_kept %labels : (tensor<8xi32>) -> tensor<f32> loc("kept")
  %mean = graph.div %sum, %kept : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %both = graph.add %mean, %aux : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %loss = graph.loss %both : (tensor<f32>) -> tensor<f32> loc("loss")
  return %loss : tensor<f32>
}

// -----

// expected-error@below {{has no function @model to evaluate}}
module @no_model {}
