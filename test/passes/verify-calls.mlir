// RUN: autopar-opt %s --autopar-verify-calls -split-input-file -verify-diagnostics
// RUN: %if cuda %{ autopar-opt %s --autopar-fuse-norms -split-input-file -verify-diagnostics %}
// RUN: %if cuda %{ autopar-opt %s --autopar-fuse-epilogues -split-input-file -verify-diagnostics %}
// RUN: autopar-opt %s --autopar-fuse-chains -split-input-file -verify-diagnostics
// RUN: autopar-opt %s --autopar-merge-updates -split-input-file -verify-diagnostics

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

// -----

module attributes {rt.target = "cpu"} {
  // expected-error @+1 {{has an argument that is no tensor}}
  func.func @nor_is_a_call_on_memory(%x: memref<64xf32>, %y: memref<64xf32>) {
    rt.call "Relu" {count = 64 : i64} (%x) outs(%y) : (memref<64xf32>, memref<64xf32>) -> ()
    return
  }
}

// -----

module attributes {rt.target = "cpu", rt.arena = 512 : i64} {
  func.func @nor_is_what_is_planned() {
    // expected-error @+1 {{is not a call of the runtime}}
    %x = rt.slice "x" input at 0 live [0, 2) : memref<64xf32>
    // expected-error @+1 {{is not a call of the runtime}}
    %y = rt.slice "y" activation at 256 live [0, 2) : memref<64xf32>
    rt.call "Relu" {count = 64 : i64} (%x) outs(%y) : (memref<64xf32>, memref<64xf32>) -> ()
    return
  }
}

// -----

// expected-error @+1 {{has no body of one block}}
func.func private @nor_is_a_declaration(tensor<8xf32>)
