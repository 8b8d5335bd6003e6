// RUN: autopar-opt %s --autopar-rematerialize=budget=8388608 --mlir-use-nameloc-as-prefix | FileCheck %s --check-prefix=LOOSE
// RUN: autopar-opt %s --autopar-rematerialize=budget=5308416 --mlir-use-nameloc-as-prefix | FileCheck %s --check-prefix=LOOSE
// RUN: autopar-opt %s --autopar-rematerialize=budget=4456448 --mlir-use-nameloc-as-prefix | FileCheck %s --check-prefix=TIGHT
// RUN: not autopar-opt %s --autopar-rematerialize=budget=65536 2>&1 | FileCheck %s --check-prefix=ERROR

// %x, %a and %b of 1 MiB live until the backward pass, where two values more are alive at once; relus
// and their gradients lie in the place of what they read.

// With room for all, which is 5 MiB and %labels, nothing runs twice.
// LOOSE-NOT: again

// With less, one of %a and %b is dropped and made again where the backward pass reads it.
// TIGHT-LABEL: func.func @step
// TIGHT: graph.softmax_cross_entropy
// TIGHT: %[[LINEAR:[hi]]].again = graph.linear
// TIGHT: %[[RELU:[ab]]].again = graph.relu %[[LINEAR]].again
// TIGHT: graph.relu_grad %d[[RELU]], %[[RELU]].again
// TIGHT-NOT: again =

// ERROR: error: no schedule fits 65536 bytes for what does not stay throughout; the least peak found is {{[0-9]+}} bytes
module attributes {dist.mesh = #dist.mesh<x = 1>} {
  func.func @step(%x: tensor<4096x64xf32> {graph.input = "x"},
                  %labels: tensor<4096xi32> {graph.input = "labels"}) -> tensor<f32> {
    %w = graph.variable parameter "w" : tensor<64x64xf32> = #graph.normal<0.1>
    %h = graph.linear %x, %w : (tensor<4096x64xf32>, tensor<64x64xf32>) -> tensor<4096x64xf32> loc("h")
    %a = graph.relu %h : (tensor<4096x64xf32>) -> tensor<4096x64xf32> loc("a")
    %i = graph.linear %a, %w : (tensor<4096x64xf32>, tensor<64x64xf32>) -> tensor<4096x64xf32> loc("i")
    %b = graph.relu %i : (tensor<4096x64xf32>) -> tensor<4096x64xf32> loc("b")
    %j = graph.linear %b, %w : (tensor<4096x64xf32>, tensor<64x64xf32>) -> tensor<4096x64xf32> loc("j")
    %loss = graph.softmax_cross_entropy %j, %labels {count = 4096 : i64} : (tensor<4096x64xf32>, tensor<4096xi32>) -> tensor<f32> loc("loss")
    %dj = graph.softmax_cross_entropy_grad %j, %labels {count = 4096 : i64} : (tensor<4096x64xf32>, tensor<4096xi32>) -> tensor<4096x64xf32> loc("dj")
    %db = graph.linear_input_grad %dj, %w : (tensor<4096x64xf32>, tensor<64x64xf32>) -> tensor<4096x64xf32> loc("db")
    %di = graph.relu_grad %db, %b : (tensor<4096x64xf32>, tensor<4096x64xf32>) -> tensor<4096x64xf32> loc("di")
    %da = graph.linear_input_grad %di, %w : (tensor<4096x64xf32>, tensor<64x64xf32>) -> tensor<4096x64xf32> loc("da")
    %dh = graph.relu_grad %da, %a : (tensor<4096x64xf32>, tensor<4096x64xf32>) -> tensor<4096x64xf32> loc("dh")
    %s = graph.linear_weight_grad %x, %dh : (tensor<4096x64xf32>, tensor<4096x64xf32>) -> tensor<64x64xf32> loc("s")
    graph.assign "w" = %s : tensor<64x64xf32>
    return %loss : tensor<f32>
  }
}
