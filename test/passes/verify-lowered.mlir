// RUN: autopar-opt %s --autopar-verify-lowered -split-input-file -verify-diagnostics

module attributes {rt.target = "cpu"} {
  func.func @calls_views_and_variables_are_what_is_left(%x: tensor<8x8xf32>) -> tensor<64xf32> {
    %w = graph.variable parameter "w" : tensor<8x8xf32> = #graph.constant<0.0>
    %y = rt.call "Add" {count = 64 : i64} (%x, %w) : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
    graph.assign "w" = %y : tensor<8x8xf32>
    %z = rt.view %y : tensor<8x8xf32> -> tensor<64xf32>
    return %z : tensor<64xf32>
  }
}

// -----

func.func @an_operation_of_the_network_is_not(%x: tensor<8xf32>) {
  // expected-error @+1 {{is not a call of the runtime; after lowering, only calls, views, variables and their assignments are left}}
  %y = graph.relu %x : (tensor<8xf32>) -> tensor<8xf32>
  return
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @nor_is_a_collective(%x: tensor<8xf32>) {
    // expected-error @+1 {{is not a call of the runtime}}
    %y = dist.all_reduce %x over {x} : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}
