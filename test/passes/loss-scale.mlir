// RUN: autopar-opt %s --pass-pipeline="builtin.module(autopar-name-values,autopar-differentiate{loss-scale=1024})" -split-input-file --mlir-use-nameloc-as-prefix | FileCheck %s
// RUN: autopar-opt %s --pass-pipeline="builtin.module(autopar-name-values,autopar-differentiate{loss-scale=1024 micro-batches=2})" -split-input-file --mlir-use-nameloc-as-prefix | FileCheck %s --check-prefix=MICRO
// RUN: not autopar-opt %s --autopar-differentiate=loss-scale=-1 -split-input-file 2>&1 | FileCheck %s --check-prefix=NEGATIVE
// RUN: not autopar-opt %s --autopar-differentiate=loss-scale=1e39 -split-input-file 2>&1 | FileCheck %s --check-prefix=LARGE
// RUN: not autopar-opt %s --autopar-differentiate=loss-scale=1e-39 -split-input-file 2>&1 | FileCheck %s --check-prefix=SMALL

// NEGATIVE: error: cannot scale a loss by -1.0{{.*}}; it is a number in f32 from 1.17549{{.*}}e-38 on, or 0 for not at all
// SMALL: error: cannot scale a loss by 1.0{{.*}}e-39
// LARGE: error: cannot scale a loss by 1.0{{.*}}e+39

// The gradient of the loss is multiplied by the scale; the updates wait for all gradients, and take
// the scale back by a factor that is 0 where one of them is not finite.
// CHECK-LABEL: func.func @step
// CHECK: %loss_scale = graph.variable slot "loss_scale" : tensor<f32> = #graph.constant<1024.0>
// CHECK: graph.softmax_cross_entropy_grad %linear, %labels, %loss_scale
// CHECK: %gradients.squares = graph.add_scalars %w.grad.squares
// CHECK: %[[GOOD:.*]] = graph.variable slot "loss_scale.good_steps" : tensor<f32> = #graph.constant<0.0
// CHECK: %gradients.unscale = graph.unscale_factor %gradients.squares, %loss_scale :
// CHECK: %[[SKIPPED:.*]] = graph.variable slot "loss_scale.skipped_steps" : tensor<f32> = #graph.constant<0.0
// CHECK: %[[NEXT:.*]], %[[STEPS:.*]], %[[MORE:.*]] = graph.next_loss_scale %loss_scale, %[[GOOD]], %[[SKIPPED]], %gradients.unscale {interval = 2000 : i64}
// CHECK: graph.assign "loss_scale" = %[[NEXT]]
// CHECK: graph.assign "loss_scale.good_steps" = %[[STEPS]]
// CHECK: graph.assign "loss_scale.skipped_steps" = %[[MORE]]
// CHECK: graph.sgd %w, %w.grad, %learning_rate, %{{.*}} by %gradients.unscale {

// With micro-batches the totals are of scaled gradients, and the update takes the scale back.
// MICRO-LABEL: func.func @step
// MICRO: graph.softmax_cross_entropy_grad %linear, %labels, %loss_scale
// MICRO-NOT: unscale_factor
// MICRO-LABEL: func.func @update
// MICRO: graph.unscale_factor
// MICRO: graph.sgd {{.*}} by %gradients.unscale
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, momentum = 0.9>} {
  func.func @model(%x: tensor<8x4xf32> {graph.input = "x"}, %labels: tensor<8xi32> {graph.input = "labels"} loc("labels")) -> tensor<f32> {
    %w = graph.variable parameter "w" : tensor<10x4xf32> = #graph.constant<0.5>
    %logits = graph.linear %x, %w : (tensor<8x4xf32>, tensor<10x4xf32>) -> tensor<8x10xf32>
    %loss = graph.softmax_cross_entropy %logits, %labels {count = 8 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
    return %loss : tensor<f32>
  }
}

// -----

// AdamW counts the steps that were not skipped.
// CHECK-LABEL: func.func @step
// CHECK-SAME: %state: tensor<2xi64> {graph.input = "state"}
// CHECK: %[[STEPS:.*]] = graph.variable slot "adamw.steps" : tensor<f32> = #graph.constant<0.0
// CHECK: %[[TAKEN:.*]], %[[MORE:.*]] = graph.steps_taken %state, %[[STEPS]], %gradients.unscale
// CHECK: graph.assign "adamw.steps" = %[[MORE]]
// CHECK: graph.adamw %w, %w.grad, %learning_rate, %[[TAKEN]], {{.*}}, %gradients.unscale {
module attributes {graph.optimizer = #graph.adamw<learning_rate = 0.1>} {
  func.func @model(%x: tensor<8x4xf32> {graph.input = "x"}, %labels: tensor<8xi32> {graph.input = "labels"}) -> tensor<f32> {
    %w = graph.variable parameter "w" : tensor<10x4xf32> = #graph.constant<0.5>
    %logits = graph.linear %x, %w : (tensor<8x4xf32>, tensor<10x4xf32>) -> tensor<8x10xf32>
    %loss = graph.softmax_cross_entropy %logits, %labels {count = 8 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
    return %loss : tensor<f32>
  }
}
