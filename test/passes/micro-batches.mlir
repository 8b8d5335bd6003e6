// A step of several micro-batches: @step adds its gradients to totals, @update takes them and sets
// them to zero.
//
// RUN: autopar-opt %s --autopar-name-values --autopar-differentiate=micro-batches=4 --autopar-name-values --mlir-use-nameloc-as-prefix | FileCheck %s
// RUN: not autopar-opt %s --autopar-name-values --autopar-differentiate=micro-batches=0 2>&1 | FileCheck %s --check-prefix=NONE

// NONE: error: cannot divide a step into 0 micro-batches

// CHECK: module {{.*}}graph.micro_batches = 4 : i64
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1>} {
  // The learning rate is the update's alone; a micro-batch of 8 counts for a quarter of 32.
  // CHECK:      func.func @step(%images: {{[^,]*}}, %labels: {{[^,]*}}) ->
  // CHECK:        graph.softmax_cross_entropy %fc, %labels {count = 32 : i64
  // CHECK:        %fc.weight.grad = graph.linear_weight_grad
  // CHECK:        %fc.weight.total_grad = graph.variable slot "fc.weight.total_grad" : tensor<10x4xf32> = #graph.constant<0.0>
  // CHECK:        %[[SUM:.*]] = graph.accumulate %fc.weight.total_grad, %fc.weight.grad
  // CHECK:        graph.assign "fc.weight.total_grad" = %[[SUM]]
  // CHECK-NOT:    graph.sgd
  // CHECK:      func.func @update(%learning_rate: tensor<f32> {graph.input = "learning_rate"}
  // CHECK-DAG:    %fc.weight = graph.variable parameter "fc.weight"
  // CHECK-DAG:    %fc.weight.total_grad = graph.variable slot "fc.weight.total_grad"
  // CHECK:        %[[NEW:.*]] = graph.sgd %fc.weight, %fc.weight.total_grad, %learning_rate
  // CHECK:        graph.assign "fc.weight" = %[[NEW]]
  // CHECK:        %[[ZEROS:.*]] = graph.zeros
  // CHECK:        graph.assign "fc.weight.total_grad" = %[[ZEROS]]
  func.func @model(%images: tensor<8x4xf32> {graph.input = "images"}, %labels: tensor<8xi32> {graph.input = "labels"}) -> (tensor<f32> {graph.output = "loss"}) {
    %fc.weight = graph.variable parameter "fc.weight" : tensor<10x4xf32> = #graph.uniform<0.5> loc("fc.weight")
    %fc = graph.linear %images, %fc.weight : (tensor<8x4xf32>, tensor<10x4xf32>) -> tensor<8x10xf32> loc("fc")
    %loss = graph.softmax_cross_entropy %fc, %labels {count = 8 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
}
