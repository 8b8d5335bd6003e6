// What training keeps for itself goes by names as the model's variables do: none stands for two.
//
// RUN: autopar-opt %s -split-input-file -verify-diagnostics --autopar-name-values --autopar-differentiate --autopar-name-values --autopar-verify-training-step -o /dev/null
// RUN: autopar-opt %s -split-input-file -verify-diagnostics --autopar-name-values --autopar-differentiate=micro-batches=2 --autopar-name-values --autopar-verify-training-step -o /dev/null

module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, momentum = 0.9>} {
  func.func @model(%x: tensor<8x4xf32> {graph.input = "images"}, %l: tensor<8xi32> {graph.input = "labels"}) -> (tensor<f32> {graph.output = "loss"}) {
    // expected-error@below {{variable "w.momentum" has the name of one that training keeps for itself; rename the model's}}
    %w = graph.variable parameter "w" : tensor<10x4xf32> = #graph.normal<0.1>
    // expected-note@below {{the first one}}
    %m = graph.variable parameter "w.momentum" : tensor<10xf32> = #graph.normal<0.1>
    %y = graph.linear %x, %w : (tensor<8x4xf32>, tensor<10x4xf32>) -> tensor<8x10xf32>
    %z = graph.bias_add %y, %m : (tensor<8x10xf32>, tensor<10xf32>) -> tensor<8x10xf32>
    %loss = graph.softmax_cross_entropy %z, %l {count = 8 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
    return %loss : tensor<f32>
  }
}
