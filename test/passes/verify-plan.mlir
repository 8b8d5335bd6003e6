// A plan is one that the operations' sharding rules allow, axis by axis.
//
// RUN: autopar-opt %s --autopar-verify-plan -split-input-file -verify-diagnostics

// A reduction over x is left open by the product, and closed where the gradient is kept.
module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step(%x: tensor<8x16xf32> {dist.plan = #dist.sharding<[{x}, {}]>}, %dy: tensor<8x10xf32> {dist.plan = #dist.sharding<[{x}, {}]>}) {
    %w = graph.variable parameter "w" : tensor<10x16xf32> = #graph.normal<0.1> {dist.plan = {
        operands = [], results = [#dist.sharding<[{}, {}]>], kept = [#dist.sharding<[{}, {}]>]}}
    %dw = graph.linear_weight_grad %x, %dy {dist.plan = {
        operands = [#dist.sharding<[{x}, {}]>, #dist.sharding<[{x}, {}]>],
        results = [#dist.sharding<[{}, {}], unreduced {x}>], kept = [#dist.sharding<[{}, {}]>]}}
        : (tensor<8x16xf32>, tensor<8x10xf32>) -> tensor<10x16xf32>
    graph.assign "w" = %dw {dist.plan = {operands = [#dist.sharding<[{}, {}]>], results = [], kept = []}} : tensor<10x16xf32>
    return {dist.plan = {operands = [], results = [], kept = []}}
  }
}

// -----

// expected-error @below {{has no dist.mesh}}
module {}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  // expected-error @below {{argument 0 of @step has no sharding}}
  func.func @step(%x: tensor<8xf32>) {
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  // expected-error @below {{argument 0 of @step is planned as RS0; inputs come whole, or split along the batch}}
  func.func @step(%x: tensor<8x16xf32> {dist.plan = #dist.sharding<[{}, {x}]>}) {
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  // expected-error @below {{argument 0 of @step is planned as S0; inputs come whole, or split along the batch}}
  func.func @step(%state: tensor<2xi64> {graph.input = "state", dist.plan = #dist.sharding<[{x}]>}) {
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  // expected-error @below {{argument 0 of @step cannot be split: 'tensor<7xf32>' does not divide over the mesh 2 as S0}}
  func.func @step(%x: tensor<7xf32> {dist.plan = #dist.sharding<[{x}]>}) {
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step(%x: tensor<8xf32> {dist.plan = #dist.sharding<[{}]>}) {
    // expected-error @below {{has no plan for the mesh 2}}
    %y = graph.relu %x : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step() {
    // expected-error @unknown {{cannot make "w": 'tensor<7xf32>' does not divide over the mesh 2 as S0}}
    %w = graph.variable parameter "w" : tensor<7xf32> = #graph.constant<0.0> {dist.plan = {operands = [], results = [#dist.sharding<[{x}]>], kept = [#dist.sharding<[{x}]>]}} loc("w")
    return
  }
}

// -----

// The products of different rows would be added up by nobody.
module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step(%x: tensor<8x16xf32> {dist.plan = #dist.sharding<[{x}, {}]>}, %dy: tensor<8x10xf32> {dist.plan = #dist.sharding<[{x}, {}]>}) {
    // expected-error @below {{is planned as RR = S0R x S0R; its sharding rule has no such use of axis x}}
    %dw = graph.linear_weight_grad %x, %dy {dist.plan = {
        operands = [#dist.sharding<[{x}, {}]>, #dist.sharding<[{x}, {}]>],
        results = [#dist.sharding<[{}, {}]>], kept = [#dist.sharding<[{}, {}]>]}}
        : (tensor<8x16xf32>, tensor<8x10xf32>) -> tensor<10x16xf32>
    return {dist.plan = {operands = [], results = [], kept = []}}
  }
}

// -----

// A relu of summands is not the sum's.
module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step(%x: tensor<8x16xf32> {dist.plan = #dist.sharding<[{x}, {}]>}, %dy: tensor<8x10xf32> {dist.plan = #dist.sharding<[{x}, {}]>}) {
    %dw = graph.linear_weight_grad %x, %dy {dist.plan = {
        operands = [#dist.sharding<[{x}, {}]>, #dist.sharding<[{x}, {}]>],
        results = [#dist.sharding<[{}, {}], unreduced {x}>], kept = [#dist.sharding<[{}, {}], unreduced {x}>]}}
        : (tensor<8x16xf32>, tensor<8x10xf32>) -> tensor<10x16xf32>
    // expected-error @below {{is planned as RR|U0 = RR|U0; its sharding rule has no such use of axis x}}
    %y = graph.relu %dw {dist.plan = {
        operands = [#dist.sharding<[{}, {}], unreduced {x}>],
        results = [#dist.sharding<[{}, {}], unreduced {x}>], kept = [#dist.sharding<[{}, {}]>]}}
        : (tensor<10x16xf32>) -> tensor<10x16xf32>
    return {dist.plan = {operands = [], results = [], kept = []}}
  }
}

// -----

// Whole copies are not summands.
module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step(%x: tensor<8xf32> {dist.plan = #dist.sharding<[{}]>} loc("x")) {
    // expected-error @below {{reads "x" as R|U0, which is kept as R}}
    %y = graph.add %x, %x {dist.plan = {
        operands = [#dist.sharding<[{}], unreduced {x}>, #dist.sharding<[{}], unreduced {x}>],
        results = [#dist.sharding<[{}], unreduced {x}>], kept = [#dist.sharding<[{}]>]}}
        : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    return {dist.plan = {operands = [], results = [], kept = []}}
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step(%x: tensor<8xf32> {dist.plan = #dist.sharding<[{}]>} loc("x")) {
    // expected-error @below {{keeps "relu" as R|U0, which is made as R}}
    %y = graph.relu %x {dist.plan = {
        operands = [#dist.sharding<[{}]>], results = [#dist.sharding<[{}]>], kept = [#dist.sharding<[{}], unreduced {x}>]}}
        : (tensor<8xf32>) -> tensor<8xf32>
    return {dist.plan = {operands = [], results = [], kept = []}}
  }
}

// -----

// A group is on one rank, however many channels it has.
module attributes {dist.mesh = #dist.mesh<x = 4>} {
  func.func @step(%x: tensor<8x4x4x16xf32> {dist.plan = #dist.sharding<[{}, {}, {}, {}]>}, %w: tensor<32x8x1x1xf32> {dist.plan = #dist.sharding<[{x}, {}, {}, {}]>}) {
    // expected-error @below {{is planned as RRRS0 = RRRS0 x S0RRR, which splits its g of 2 over 4 ranks}}
    %y = graph.conv2d %x, %w {groups = 2 : i64, dist.plan = {
        operands = [#dist.sharding<[{}, {}, {}, {x}]>, #dist.sharding<[{x}, {}, {}, {}]>],
        results = [#dist.sharding<[{}, {}, {}, {x}]>], kept = [#dist.sharding<[{}, {}, {}, {x}]>]}}
        : (tensor<8x4x4x16xf32>, tensor<32x8x1x1xf32>) -> tensor<8x4x4x32xf32>
    return {dist.plan = {operands = [], results = [], kept = []}}
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step() {
    %w = graph.variable parameter "w" : tensor<8xf32> = #graph.constant<0.0> {dist.plan = {operands = [], results = [#dist.sharding<[{}]>], kept = [#dist.sharding<[{}]>]}}
    // expected-error @below {{"w" is assigned as S0, and lies as R}}
    graph.assign "w" = %w {dist.plan = {operands = [#dist.sharding<[{x}]>], results = [], kept = []}} : tensor<8xf32>
    return {dist.plan = {operands = [], results = [], kept = []}}
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step() {
    %w = graph.variable parameter "w" : tensor<8xf32> = #graph.constant<0.0> {dist.plan = {operands = [], results = [#dist.sharding<[{}]>], kept = [#dist.sharding<[{}]>]}}
    return {dist.plan = {operands = [], results = [], kept = []}}
  }
  func.func @evaluate() {
    // expected-error @below {{variable "w" lies as S0 in @evaluate, and as R in another function}}
    %w = graph.variable parameter "w" : tensor<8xf32> = #graph.constant<0.0> {dist.plan = {operands = [], results = [#dist.sharding<[{x}]>], kept = [#dist.sharding<[{x}]>]}}
    return {dist.plan = {operands = [], results = [], kept = []}}
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step(%x: tensor<8xf32> {dist.plan = #dist.sharding<[{x}]>} loc("x")) -> tensor<8xf32> {
    // expected-error @below {{returns "x" as S0; the runtime reads results whole, on any rank}}
    return {dist.plan = {operands = [#dist.sharding<[{x}]>], results = [], kept = []}} %x : tensor<8xf32>
  }
}
