// RUN: autopar-opt %s -split-input-file --autopar-solve-sharding=device=h100-sxm --mlir-use-nameloc-as-prefix | FileCheck %s

// The answer stands on the operations: how each reads its operands and makes its results, and what
// its results are kept as. Large images and a small layer: the batch is split.
// CHECK-LABEL: func.func @evaluate
// CHECK-SAME: %images: tensor<65536x4096xf32> {dist.plan = #dist.sharding<[{x}, {}]>
module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @evaluate(%images: tensor<65536x4096xf32> {graph.input = "images"} loc("images"), %labels: tensor<65536xi32> {graph.input = "labels"} loc("labels"))
      -> (tensor<f32> {graph.output = "loss"}) {
    // CHECK: %w = graph.variable {{.*}} {dist.plan = {kept = [#dist.sharding<[{}, {}]>], operands = [], results = [#dist.sharding<[{}, {}]>]}}
    %w = graph.variable parameter "w" : tensor<1000x4096xf32> = #graph.constant<0.0> loc("w")
    // CHECK: %y = graph.linear %images, %w {dist.plan = {kept = [#dist.sharding<[{x}, {}]>], operands = [#dist.sharding<[{x}, {}]>, #dist.sharding<[{}, {}]>], results = [#dist.sharding<[{x}, {}]>]}}
    %y = graph.linear %images, %w : (tensor<65536x4096xf32>, tensor<1000x4096xf32>) -> tensor<65536x1000xf32> loc("y")
    // Each rank has its part of the sum, and hands the whole over.
    // CHECK: %loss = graph.softmax_cross_entropy {{.*}} results = [#dist.sharding<[], unreduced {x}>]
    // CHECK: return {dist.plan = {kept = [], operands = [#dist.sharding<[]>], results = []}}
    %loss = graph.softmax_cross_entropy %y, %labels {count = 65536 : i64} : (tensor<65536x1000xf32>, tensor<65536xi32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
}

// -----

// What the user says of a value is kept, though it is dearer: here the columns.
// CHECK-LABEL: func.func @evaluate
// CHECK-SAME: %images: tensor<65536x4096xf32> {dist.plan = #dist.sharding<[{}, {}]>
module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @evaluate(%images: tensor<65536x4096xf32> {graph.input = "images", dist.sharding = #dist.sharding<[{}, {}]>} loc("images"), %labels: tensor<65536xi32> {graph.input = "labels"} loc("labels"))
      -> (tensor<f32> {graph.output = "loss"}) {
    // CHECK: %w = graph.variable {{.*}} results = [#dist.sharding<[{x}, {}]>]
    %w = graph.variable parameter "w" : tensor<1000x4096xf32> = #graph.constant<0.0> {dist.sharding = #dist.sharding<[{x}, {}]>} loc("w")
    // CHECK: %y = graph.linear {{.*}} results = [#dist.sharding<[{}, {x}]>]
    %y = graph.linear %images, %w {dist.sharding = #dist.sharding<[{}, {x}]>} : (tensor<65536x4096xf32>, tensor<1000x4096xf32>) -> tensor<65536x1000xf32> loc("y")
    %loss = graph.softmax_cross_entropy %y, %labels {count = 65536 : i64} : (tensor<65536x1000xf32>, tensor<65536xi32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
}

// -----

// What the user says is what the readers find. How the value is made is for the solver: all ranks
// have all images here, so by columns, which are then exchanged for rows.
// CHECK-LABEL: func.func @evaluate
module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @evaluate(%images: tensor<4096x65536xf32> {graph.input = "images", dist.sharding = #dist.sharding<[{}, {}]>} loc("images")) {
    %w = graph.variable parameter "w" : tensor<64x65536xf32> = #graph.constant<0.0> {dist.sharding = #dist.sharding<[{}, {x}]>} loc("w")
    // CHECK: %y = graph.linear {{.*}}{dist.plan = {kept = [#dist.sharding<[{x}, {}]>], {{.*}} results = [#dist.sharding<[{}, {x}]>]}
    %y = graph.linear %images, %w {dist.sharding = #dist.sharding<[{x}, {}]>} : (tensor<4096x65536xf32>, tensor<64x65536xf32>) -> tensor<4096x64xf32> loc("y")
    %z = graph.add %y, %y : (tensor<4096x64xf32>, tensor<4096x64xf32>) -> tensor<4096x64xf32> loc("z")
    return
  }
}

// -----

// The evaluation finds variables where the step keeps them: both say the same of w, though a batch
// this small would leave it whole in the evaluation.
// CHECK-LABEL: func.func @step
// CHECK: graph.variable parameter "w" {{.*}} results = [[SPEC:\[#dist.sharding<\[\{\}, \{x\}\]>\]]]
// CHECK-LABEL: func.func @evaluate
// CHECK: graph.variable parameter "w" {{.*}} results = [[SPEC]]
module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step(%images: tensor<8x64xf32> {graph.input = "images"} loc("images")) {
    %w = graph.variable parameter "w" : tensor<16x64xf32> = #graph.constant<0.0> {dist.sharding = #dist.sharding<[{}, {x}]>} loc("w")
    %y = graph.linear %images, %w : (tensor<8x64xf32>, tensor<16x64xf32>) -> tensor<8x16xf32> loc("y")
    return
  }
  func.func @evaluate(%images: tensor<8x64xf32> {graph.input = "images"} loc("images")) {
    %w = graph.variable parameter "w" : tensor<16x64xf32> = #graph.constant<0.0> loc("w")
    %y = graph.linear %images, %w : (tensor<8x64xf32>, tensor<16x64xf32>) -> tensor<8x16xf32> loc("y")
    return
  }
}

// -----

// A variable may share its name with an argument: the step's choice is for the variable.
// CHECK-LABEL: func.func @evaluate
// CHECK-SAME: %x: tensor<8x64xf32> {dist.plan = #dist.sharding<[{x}, {}]>
module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step() {
    %w = graph.variable parameter "x" : tensor<16x64xf32> = #graph.constant<0.0> {dist.sharding = #dist.sharding<[{}, {x}]>} loc("x")
    return
  }
  func.func @evaluate(%x: tensor<8x64xf32> {graph.input = "x"} loc("x")) {
    // CHECK: graph.variable parameter "x" {{.*}} results = [#dist.sharding<[{}, {x}]>]
    %w = graph.variable parameter "x" : tensor<16x64xf32> = #graph.constant<0.0> loc("x_1")
    %y = graph.linear %x, %w : (tensor<8x64xf32>, tensor<16x64xf32>) -> tensor<8x16xf32> loc("y")
    return
  }
}

// -----

// 3 rows do not split over 2 ranks, nor do 5 columns; all ranks do the same.
// CHECK-LABEL: func.func @evaluate
// CHECK-NOT: {x}
module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @evaluate(%images: tensor<3x7xf32> {graph.input = "images"} loc("images")) {
    %w = graph.variable parameter "w" : tensor<5x7xf32> = #graph.constant<0.0> loc("w")
    %y = graph.linear %images, %w : (tensor<3x7xf32>, tensor<5x7xf32>) -> tensor<3x5xf32> loc("y")
    return
  }
}

// -----

// An axis of one rank splits nothing; the other does.
// CHECK-LABEL: func.func @evaluate
// CHECK-NOT: {x
// CHECK: {y}
module attributes {dist.mesh = #dist.mesh<x = 1, y = 2>} {
  func.func @evaluate(%images: tensor<65536x4096xf32> {graph.input = "images"} loc("images")) {
    %w = graph.variable parameter "w" : tensor<1000x4096xf32> = #graph.constant<0.0> loc("w")
    %y = graph.linear %images, %w : (tensor<65536x4096xf32>, tensor<1000x4096xf32>) -> tensor<65536x1000xf32> loc("y")
    return
  }
}
