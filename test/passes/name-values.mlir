// RUN: autopar-opt %s --autopar-name-values --mlir-print-debuginfo --mlir-print-local-scope -split-input-file -verify-diagnostics | FileCheck %s

// What the model names is kept; the rest is called after its kind, and a second one gets a number.
// CHECK-LABEL: func.func @model
// CHECK-SAME: graph.input = "images"{{.*}} loc("images"
func.func @model(%x: tensor<8x4xf32> {graph.input = "images"}) -> tensor<8x4xf32> {
  // CHECK: graph.relu {{.*}} loc("relu"
  %0 = graph.relu %x : (tensor<8x4xf32>) -> tensor<8x4xf32>
  // CHECK: graph.relu {{.*}} loc("stem"
  %1 = graph.relu %0 : (tensor<8x4xf32>) -> tensor<8x4xf32> loc("stem")
  // CHECK: graph.relu {{.*}} loc("relu_1"
  %2 = graph.relu %1 : (tensor<8x4xf32>) -> tensor<8x4xf32>
  // CHECK: graph.add {{.*}} loc("stem_1"
  %3 = graph.add %2, %1 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32> loc("stem")
  return %3 : tensor<8x4xf32>
}

// -----

// A variable is called by its own name, whatever its location says.
// CHECK-LABEL: func.func @variables
func.func @variables() {
  // CHECK: graph.variable parameter "fc.weight" {{.*}} loc("fc.weight"
  %w = graph.variable parameter "fc.weight" : tensor<4xf32> = #graph.constant<0.0> loc("w")
  return
}

// -----

// Each function has names of its own: the step and the evaluation call the same value the same.
// CHECK-LABEL: func.func @step
// CHECK: graph.relu {{.*}} loc("relu"
func.func @step(%x: tensor<4xf32> {graph.input = "x"}) {
  %0 = graph.relu %x : (tensor<4xf32>) -> tensor<4xf32>
  return
}
// CHECK-LABEL: func.func @evaluate
// CHECK: graph.relu {{.*}} loc("relu"
func.func @evaluate(%x: tensor<4xf32> {graph.input = "x"}) {
  %0 = graph.relu %x : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// An operation may not take an argument's name.
// CHECK-LABEL: func.func @argument_first
func.func @argument_first(%x: tensor<4xf32> {graph.input = "relu"}) {
  // CHECK: graph.relu {{.*}} loc("relu_1"
  %0 = graph.relu %x : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// expected-error@below {{argument 1 of @nameless_argument does not say what it is; add {graph.input = "images"} or {graph.input = "labels"}}}
func.func @nameless_argument(%x: tensor<4xf32> {graph.input = "images"}, %y: tensor<4xf32>) {
  return
}
