// What depends on where a rank's block lies is told which part of the whole that is.
//
// RUN: autopar-opt %s --autopar-partition --mlir-use-nameloc-as-prefix -split-input-file | FileCheck %s

// A vocabulary split along y: tokens of other parts get zeros, and all parts are added up.
// CHECK-LABEL: func.func @embedding
module attributes {dist.mesh = #dist.mesh<x = 2, y = 2>} {
  func.func @embedding(%tokens: tensor<8x4xi32> {graph.input = "tokens", dist.plan = #dist.sharding<[{x}, {}]>} loc("tokens"),
                       %table: tensor<32x16xf32> {graph.input = "table", dist.plan = #dist.sharding<[{y}, {}]>} loc("table")) {
    // CHECK: %y = graph.embedding %tokens, %table {part = #dist.part<whole = [32, 16], axes = {{\[}}[1], []]>} : (tensor<4x4xi32>, tensor<16x16xf32>) -> tensor<4x4x16xf32>
    // CHECK: dist.all_reduce %y over {y}
    %y = graph.embedding %tokens, %table {dist.plan = {
        operands = [#dist.sharding<[{x}, {}]>, #dist.sharding<[{y}, {}]>],
        results = [#dist.sharding<[{x}, {}, {}], unreduced {y}>], kept = [#dist.sharding<[{x}, {}, {}]>]}}
        : (tensor<8x4xi32>, tensor<32x16xf32>) -> tensor<8x4x16xf32> loc("y")
    // Its gradient has the part of its own result.
    // CHECK: graph.embedding_grad %tokens, %{{.*}} {part = #dist.part<whole = [32, 16], axes = {{\[}}[1], []]>} : {{.*}} -> tensor<16x16xf32>
    %d = graph.embedding_grad %tokens, %y {dist.plan = {
        operands = [#dist.sharding<[{x}, {}]>, #dist.sharding<[{x}, {}, {}]>],
        results = [#dist.sharding<[{y}, {}], unreduced {x}>], kept = [#dist.sharding<[{y}, {}], unreduced {x}>]}}
        : (tensor<8x4xi32>, tensor<8x4x16xf32>) -> tensor<32x16xf32> loc("d")
    return {dist.plan = {operands = [], results = [], kept = []}}
  }
}

// -----

// Heads split along y, samples along x: both where dropout counts its random numbers from.
// CHECK-LABEL: func.func @attention
module attributes {dist.mesh = #dist.mesh<x = 2, y = 2>} {
  func.func @attention(%qkv: tensor<8x4x3x2x16xf32> {graph.input = "qkv", dist.plan = #dist.sharding<[{x}, {}, {}, {y}, {}]>} loc("qkv"),
                       %state: tensor<2xi64> {graph.input = "state", dist.plan = #dist.sharding<[{}]>} loc("state")) {
    // CHECK: graph.attention %qkv, %state {causal, dropout = 1.000000e-01 : f64, part = #dist.part<whole = [8, 4, 2, 16], axes = {{\[}}[0], [], [1], []]>} : (tensor<4x4x3x1x16xf32>, tensor<2xi64>) -> (tensor<4x4x1x16xf32>, tensor<4x1x4xf32>)
    %y, %lse = graph.attention %qkv, %state {causal, dropout = 0.1, dist.plan = {
        operands = [#dist.sharding<[{x}, {}, {}, {y}, {}]>, #dist.sharding<[{}]>],
        results = [#dist.sharding<[{x}, {}, {y}, {}]>, #dist.sharding<[{x}, {y}, {}]>],
        kept = [#dist.sharding<[{x}, {}, {y}, {}]>, #dist.sharding<[{x}, {y}, {}]>]}}
        : (tensor<8x4x3x2x16xf32>, tensor<2xi64>) -> (tensor<8x4x2x16xf32>, tensor<8x2x4xf32>) loc("y")
    return {dist.plan = {operands = [], results = [], kept = []}}
  }
}
