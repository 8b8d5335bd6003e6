// What differentiation must leave, and what it must not.
//
// RUN: autopar-opt %s --autopar-verify-training-step -split-input-file -verify-diagnostics

func.func @step(%x: tensor<8x4xf32> {graph.input = "images"} loc("images"), %l: tensor<8xi32> {graph.input = "labels"} loc("labels")) -> tensor<f32> {
  %w = graph.variable parameter "w" : tensor<10x4xf32> = #graph.normal<0.1> loc("w")
  %y = graph.linear %x, %w : (tensor<8x4xf32>, tensor<10x4xf32>) -> tensor<8x10xf32> loc("y")
  %loss = graph.softmax_cross_entropy %y, %l {count = 8 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32> loc("loss")
  graph.assign "w" = %w : tensor<10x4xf32> loc("w.new")
  return %loss : tensor<f32>
}

// -----

// expected-error @below {{has @model and no @step; run autopar-differentiate, which makes the one the other}}
module {
  func.func @model() {
    return
  }
}

// -----

func.func @step(%x: tensor<8x4x4x16xf32> {graph.input = "images"} loc("images")) {
  %gamma = graph.variable parameter "gamma" : tensor<16xf32> = #graph.constant<1.0> loc("gamma")
  %beta = graph.variable parameter "beta" : tensor<16xf32> = #graph.constant<0.0> loc("beta")
  %mean = graph.variable state "mean" : tensor<16xf32> = #graph.constant<0.0> loc("mean")
  %var = graph.variable state "var" : tensor<16xf32> = #graph.constant<1.0> loc("var")
  // expected-error @unknown {{is left in @step; behind differentiation only operations that have a sharding rule are}}
  %y = graph.batch_norm %x, %gamma, %beta, %mean, %var {epsilon = 1.0e-5, momentum = 0.1} : (tensor<8x4x4x16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<8x4x4x16xf32> loc("y")
  return
}

// -----

func.func @step(%x: tensor<8xf32> {graph.input = "images"} loc("images")) {
  // expected-error @below {{@step has a value without a name; run autopar-name-values}}
  %y = graph.relu %x : (tensor<8xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @step(%x: tensor<8xf32> {graph.input = "images"} loc("images")) {
  %y = graph.relu %x : (tensor<8xf32>) -> tensor<8xf32> loc("y")
  // expected-error @unknown {{@step has two values called "y"; run autopar-name-values}}
  %z = graph.relu %y : (tensor<8xf32>) -> tensor<8xf32> loc("y")
  return
}

// -----

// expected-error @below {{argument 0 of @step is called "x", not what its graph.input says; run autopar-name-values}}
func.func @step(%x: tensor<8xf32> {graph.input = "images"} loc("x")) {
  return
}

// -----

func.func @step() {
  %w = graph.variable parameter "w" : tensor<8xf32> = #graph.constant<0.0> loc("w")
  // expected-error @unknown {{"v" is assigned, and no variable above it in @step has that name}}
  graph.assign "v" = %w : tensor<8xf32> loc("v.new")
  return
}

// -----

func.func @step() {
  %w = graph.variable parameter "w" : tensor<8xf32> = #graph.constant<0.0> loc("w")
  %v = graph.variable parameter "v" : tensor<4xf32> = #graph.constant<0.0> loc("v")
  // expected-error @unknown {{"w" is assigned 'tensor<4xf32>', and is 'tensor<8xf32>'}}
  graph.assign "w" = %v : tensor<4xf32> loc("w.new")
  return
}

// -----

func.func @step() {
  %w = graph.variable parameter "w" : tensor<8xf32> = #graph.constant<0.0> loc("w")
  // expected-note @unknown {{the first time}}
  graph.assign "w" = %w : tensor<8xf32> loc("w.new")
  // expected-error @unknown {{"w" is assigned twice in @step}}
  graph.assign "w" = %w : tensor<8xf32> loc("w.newer")
  return
}

// -----

func.func @step() {
  // expected-note @below {{the first one}}
  %w = graph.variable parameter "w" : tensor<8xf32> = #graph.constant<0.0>
  return
}
func.func @evaluate() {
  // expected-error @below {{variable "w" is another in @evaluate}}
  %w = graph.variable parameter "w" : tensor<4xf32> = #graph.constant<0.0>
  return
}

// -----

func.func @step(%x: tensor<8xf32> {graph.input = "images"} loc("images")) -> tensor<8xf32> {
  // expected-error @below {{returns 'tensor<8xf32>' as result 0 of @step; what the runtime reads of a program is a number}}
  return %x : tensor<8xf32>
}
