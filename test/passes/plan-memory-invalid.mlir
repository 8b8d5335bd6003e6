// RUN: autopar-opt %s --autopar-plan-memory -split-input-file -verify-diagnostics

func.func @assigned_variables_are_declared(%x: tensor<8xf32>) {
  // expected-error @+1 {{assigns a variable that the function has no graph.variable for}}
  graph.assign "w" = %x : tensor<8xf32>
  return
}

// -----

func.func @a_variable_has_one_next_value(%x: tensor<8xf32>) {
  %w = graph.variable parameter "w" : tensor<8xf32> = #graph.constant<0.0>
  graph.assign "w" = %x : tensor<8xf32>
  // expected-error @+1 {{assigns a variable for the second time}}
  graph.assign "w" = %x : tensor<8xf32>
  return
}

// -----

module attributes {rt.target = "cpu"} {
  func.func @one(%x: tensor<8xf32>) {
    %w = graph.variable parameter "w" : tensor<8xf32> = #graph.constant<0.0>
    return
  }
  // expected-error @+1 {{keeps 64 bytes of variable "w", of which another function keeps 32}}
  func.func @functions_agree_on_variables(%x: tensor<8xf32>) {
    %w = graph.variable parameter "w" : tensor<16xf32> = #graph.constant<0.0>
    return
  }
}

// -----

func.func @what_is_not_lowered(%x: tensor<8xf32>) {
  // expected-error @+1 {{is not a call of the runtime; after lowering, only calls, views, variables and their assignments are left}}
  %y = graph.relu %x : (tensor<8xf32>) -> tensor<8xf32>
  return
}
