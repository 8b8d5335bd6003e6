// One rank's program: local shapes that follow from how inputs and variables lie.
//
// RUN: autopar-opt %s --autopar-verify-spmd -split-input-file -verify-diagnostics

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step(%x: tensor<4x16xf32> {dist.global = tensor<8x16xf32>, dist.sharding = #dist.sharding<[{x}, {}]>}) {
    %w = graph.variable parameter "w" : tensor<4x16xf32> = #graph.normal<0.1> {dist.global = tensor<4x16xf32>, dist.sharding = #dist.sharding<[{}, {}]>}
    %sum = dist.all_reduce %x over {x} : (tensor<4x16xf32>) -> tensor<4x16xf32>
    graph.assign "w" = %sum : tensor<4x16xf32>
    return
  }
}

// -----

// expected-error @below {{has no dist.mesh}}
module {}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  // expected-error @below {{argument 0 of @step still has a plan; run autopar-partition}}
  func.func @step(%x: tensor<8xf32> {dist.plan = #dist.sharding<[{x}]>}) {
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step() {
    // expected-error @below {{still has a plan; run autopar-partition}}
    return {dist.plan = {operands = [], results = [], kept = []}}
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  // expected-error @below {{argument 0 of @step does not say how it lies: it has a dist.sharding and the whole's dist.global behind autopar-partition}}
  func.func @step(%x: tensor<8xf32>) {
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  // expected-error @below {{argument 0 of @step is 'tensor<8xf32>' of 'tensor<8xf32>'; as #dist.sharding<[{x}]> over the mesh 2 it would be 'tensor<4xf32>'}}
  func.func @step(%x: tensor<8xf32> {dist.global = tensor<8xf32>, dist.sharding = #dist.sharding<[{x}]>}) {
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step() {
    // expected-error @below {{variable "w" cannot lie as #dist.sharding<[{}], unreduced {x}> says: 'tensor<8xf32>' over the mesh 2}}
    %w = graph.variable parameter "w" : tensor<8xf32> = #graph.constant<0.0> {dist.global = tensor<8xf32>, dist.sharding = #dist.sharding<[{}], unreduced {x}>}
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2, y = 2>} {
  func.func @step() {
    %w = graph.variable parameter "w" : tensor<4x8xf32> = #graph.constant<0.0> {dist.global = tensor<8x8xf32>, dist.sharding = #dist.sharding<[{x}, {}]>}
    return
  }
  func.func @evaluate() {
    // expected-error @below {{variable "w" is tensor<8x8xf32> as #dist.sharding<[{y}, {}]> in @evaluate, and tensor<8x8xf32> as #dist.sharding<[{x}, {}]> in another function}}
    %w = graph.variable parameter "w" : tensor<4x8xf32> = #graph.constant<0.0> {dist.global = tensor<8x8xf32>, dist.sharding = #dist.sharding<[{y}, {}]>}
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step(%x: tensor<8xf32> {dist.global = tensor<8xf32>, dist.sharding = #dist.sharding<[{}]>}) {
    %w = graph.variable parameter "w" : tensor<4xf32> = #graph.constant<0.0> {dist.global = tensor<8xf32>, dist.sharding = #dist.sharding<[{x}]>}
    // expected-error @below {{"w" is assigned 'tensor<8xf32>', and is 'tensor<4xf32>'}}
    graph.assign "w" = %x : tensor<8xf32>
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step(%x: tensor<8xf32> {dist.global = tensor<8xf32>, dist.sharding = #dist.sharding<[{}]>}) {
    // expected-error @below {{"w" is assigned 'tensor<8xf32>', and no variable above it in @step has that name}}
    graph.assign "w" = %x : tensor<8xf32>
    return
  }
}

// -----

// The vocabulary's part is of 16 rows on each of 2 ranks.
module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step(%tokens: tensor<8x4xi32> {dist.global = tensor<8x4xi32>, dist.sharding = #dist.sharding<[{}, {}]>}) {
    %table = graph.variable parameter "table" : tensor<32x8xf32> = #graph.normal<0.1> {dist.global = tensor<32x8xf32>, dist.sharding = #dist.sharding<[{}, {}]>}
    // expected-error @below {{is of #dist.part<whole = [32, 8], axes = [[0], []]>, which is no operand or result of it over the mesh 2}}
    %y = graph.embedding %tokens, %table {part = #dist.part<whole = [32, 8], axes = [[0], []]>} : (tensor<8x4xi32>, tensor<32x8xf32>) -> tensor<8x4x8xf32>
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 1>} {
  func.func @step(%x: tensor<8xf32> {dist.global = tensor<8xf32>, dist.sharding = #dist.sharding<[{}]>}) {
    // expected-error @below {{is neither a part of the network nor a collective; one rank's program has nothing else}}
    %y = rt.view %x : tensor<8xf32> -> tensor<4x2xf32>
    return
  }
}
