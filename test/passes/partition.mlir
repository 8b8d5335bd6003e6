// RUN: autopar-opt %s --autopar-partition --mlir-use-nameloc-as-prefix -split-input-file -verify-diagnostics | FileCheck %s

// Local shapes, and what the runtime must know of split inputs and variables: their shardings and
// whole types. The gradient's partial sums are added up where the value is kept.
// CHECK-LABEL: func.func @step
// CHECK-SAME: %images: tensor<4x16xf32> {dist.global = tensor<8x16xf32>, dist.sharding = #dist.sharding<[{x}, {}]>, graph.input = "images"}
// CHECK-SAME: %grad: tensor<4x10xf32>
module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step(%images: tensor<8x16xf32> {graph.input = "images", dist.plan = #dist.sharding<[{x}, {}]>} loc("images"),
                  %dy: tensor<8x10xf32> {graph.input = "grad", dist.plan = #dist.sharding<[{x}, {}]>} loc("grad")) {
    // CHECK: %w.grad = graph.linear_weight_grad %images, %grad : (tensor<4x16xf32>, tensor<4x10xf32>) -> tensor<10x16xf32>
    // CHECK: %w.grad.all_reduce = dist.all_reduce %w.grad over {x} : (tensor<10x16xf32>) -> tensor<10x16xf32>
    // CHECK: graph.assign "w" = %w.grad.all_reduce
    %dw = graph.linear_weight_grad %images, %dy {dist.plan = {
        operands = [#dist.sharding<[{x}, {}]>, #dist.sharding<[{x}, {}]>],
        results = [#dist.sharding<[{}, {}], unreduced {x}>],
        kept = [#dist.sharding<[{}, {}]>]}}
        : (tensor<8x16xf32>, tensor<8x10xf32>) -> tensor<10x16xf32> loc("w.grad")
    graph.assign "w" = %dw {dist.plan = {operands = [#dist.sharding<[{}, {}]>], results = [], kept = []}} : tensor<10x16xf32>
    return {dist.plan = {operands = [], results = [], kept = []}}
  }
}

// -----

// A resharding is made once and read by all who want it.
// CHECK-LABEL: func.func @shared
module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @shared(%x: tensor<8x16xf32> {graph.input = "x", dist.plan = #dist.sharding<[{x}, {}]>} loc("x")) {
    // CHECK-NEXT: %[[WHOLE:.*]] = dist.all_gather %x over {x} dims [0] : (tensor<4x16xf32>) -> tensor<8x16xf32>
    // CHECK-NEXT: graph.assign "a" = %[[WHOLE]]
    // CHECK-NEXT: graph.assign "b" = %[[WHOLE]]
    // CHECK-NEXT: graph.assign "c" = %x
    graph.assign "a" = %x {dist.plan = {operands = [#dist.sharding<[{}, {}]>], results = [], kept = []}} : tensor<8x16xf32>
    graph.assign "b" = %x {dist.plan = {operands = [#dist.sharding<[{}, {}]>], results = [], kept = []}} : tensor<8x16xf32>
    graph.assign "c" = %x {dist.plan = {operands = [#dist.sharding<[{x}, {}]>], results = [], kept = []}} : tensor<8x16xf32>
    return {dist.plan = {operands = [], results = [], kept = []}}
  }
}

// -----

// A rank that holds some of a convolution's groups convolves those.
// CHECK-LABEL: func.func @groups
module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @groups(%x: tensor<8x4x4x16xf32> {graph.input = "x", dist.plan = #dist.sharding<[{}, {}, {}, {x}]>} loc("x"),
                    %w: tensor<32x4x1x1xf32> {graph.input = "w", dist.plan = #dist.sharding<[{x}, {}, {}, {}]>} loc("w")) {
    // CHECK: graph.conv2d %x, %w {groups = 2 : i64} : (tensor<8x4x4x8xf32>, tensor<16x4x1x1xf32>) -> tensor<8x4x4x16xf32>
    %y = graph.conv2d %x, %w {groups = 4 : i64, dist.plan = {
        operands = [#dist.sharding<[{}, {}, {}, {x}]>, #dist.sharding<[{x}, {}, {}, {}]>],
        results = [#dist.sharding<[{}, {}, {}, {x}]>], kept = [#dist.sharding<[{}, {}, {}, {x}]>]}}
        : (tensor<8x4x4x16xf32>, tensor<32x4x1x1xf32>) -> tensor<8x4x4x32xf32>
    return {dist.plan = {operands = [], results = [], kept = []}}
  }
}

// -----

// The mean is over the whole batch: `count` stays, and each rank has its share of the sum.
// CHECK-LABEL: func.func @loss
module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @loss(%y: tensor<8x10xf32> {graph.input = "y", dist.plan = #dist.sharding<[{x}, {}]>} loc("y"),
                  %labels: tensor<8xi32> {graph.input = "labels", dist.plan = #dist.sharding<[{x}]>} loc("labels")) -> tensor<f32> {
    // CHECK: %loss = graph.softmax_cross_entropy %y, %labels {count = 8 : i64} : (tensor<4x10xf32>, tensor<4xi32>) -> tensor<f32>
    // CHECK: %loss.all_reduce = dist.all_reduce %loss over {x} : (tensor<f32>) -> tensor<f32>
    // CHECK: return %loss.all_reduce
    %loss = graph.softmax_cross_entropy %y, %labels {count = 8 : i64, dist.plan = {
        operands = [#dist.sharding<[{x}, {}]>, #dist.sharding<[{x}]>],
        results = [#dist.sharding<[], unreduced {x}>], kept = [#dist.sharding<[], unreduced {x}>]}}
        : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32> loc("loss")
    return {dist.plan = {operands = [#dist.sharding<[]>], results = [], kept = []}} %loss : tensor<f32>
  }
}

// -----

//===- errors -----------------------------------------------------------------------------===//

// expected-error@below {{has no dist.mesh}}
module @no_mesh {
  func.func @step() { return }
}

// -----

module @no_argument_plan attributes {dist.mesh = #dist.mesh<x = 2>} {
  // expected-error@below {{argument 0 of @step has no sharding; run autopar-solve-sharding first}}
  func.func @step(%x: tensor<8xf32> {graph.input = "x"}) { return }
}

// -----

module @no_plan attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step(%x: tensor<8xf32> {graph.input = "x", dist.plan = #dist.sharding<[{x}]>}) {
    // expected-error@below {{'graph.assign' op has no plan; run autopar-solve-sharding first}}
    graph.assign "a" = %x : tensor<8xf32>
    return
  }
}

// -----

// A plan for three axes says nothing about a mesh of one.
module @other_mesh attributes {dist.mesh = #dist.mesh<x = 2>} {
  // expected-error@below {{argument 0 of @step has no sharding; run autopar-solve-sharding first}}
  func.func @step(%x: tensor<8xf32> {graph.input = "x", dist.plan = #dist.sharding<[{z}]>}) { return }
}

// -----

// A sum cannot come apart again.
module @apart attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step(%x: tensor<8xf32> {graph.input = "x", dist.plan = #dist.sharding<[{x}]>} loc("x")) {
    // expected-error@below {{'graph.assign' op cannot read "x" as planned: no resharding leads there}}
    graph.assign "a" = %x {dist.plan = {operands = [#dist.sharding<[{}], unreduced {x}>], results = [], kept = []}} : tensor<8xf32>
    return
  }
}

// -----

// 3 rows do not split over 2 ranks.
module @indivisible attributes {dist.mesh = #dist.mesh<x = 2>} {
  // expected-error@below {{argument 0 of @step cannot be split as planned: 'tensor<3xf32>' over the mesh 2}}
  func.func @step(%x: tensor<3xf32> {graph.input = "x", dist.plan = #dist.sharding<[{x}]>} loc("x")) { return }
}

// -----

module @indivisible_result attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @step() {
    // expected-error@below {{'graph.variable' op cannot be split as planned: 'tensor<3xf32>' over the mesh 2}}
    %w = graph.variable parameter "w" : tensor<3xf32> = #graph.constant<0.0>
       {dist.plan = {operands = [], results = [#dist.sharding<[{x}]>], kept = [#dist.sharding<[{x}]>]}}
    return
  }
}

// -----

// What all ranks along an axis compute must come to the same bits on them; of operations that may
// add up in any order that is told. What x splits y repeats here; the other one is on all ranks once.
// CHECK-LABEL: func.func @repeated
module attributes {dist.mesh = #dist.mesh<x = 2, y = 2>} {
  func.func @repeated(%x: tensor<8x4x4x8xf32> {graph.input = "x", dist.plan = #dist.sharding<[{x}, {}, {}, {}]>} loc("x"),
                      %w: tensor<16x8x1x1xf32> {graph.input = "w", dist.plan = #dist.sharding<[{}, {}, {}, {}]>} loc("w")) {
    // CHECK: %once = graph.conv2d
    // CHECK-NOT: graph.repeated
    // CHECK: %twice = graph.conv2d %x, %w {graph.repeated} :
    // CHECK: %r = graph.relu %twice :
    %once = graph.conv2d %x, %w {dist.plan = {
        operands = [#dist.sharding<[{x}, {}, {}, {}]>, #dist.sharding<[{y}, {}, {}, {}]>],
        results = [#dist.sharding<[{x}, {}, {}, {y}]>],
        kept = [#dist.sharding<[{x}, {}, {}, {y}]>]}}
        : (tensor<8x4x4x8xf32>, tensor<16x8x1x1xf32>) -> tensor<8x4x4x16xf32> loc("once")
    %twice = graph.conv2d %x, %w {dist.plan = {
        operands = [#dist.sharding<[{x}, {}, {}, {}]>, #dist.sharding<[{}, {}, {}, {}]>],
        results = [#dist.sharding<[{x}, {}, {}, {}]>],
        kept = [#dist.sharding<[{x}, {}, {}, {}]>]}}
        : (tensor<8x4x4x8xf32>, tensor<16x8x1x1xf32>) -> tensor<8x4x4x16xf32> loc("twice")
    %r = graph.relu %twice {dist.plan = {
        operands = [#dist.sharding<[{x}, {}, {}, {}]>],
        results = [#dist.sharding<[{x}, {}, {}, {}]>],
        kept = [#dist.sharding<[{x}, {}, {}, {}]>]}}
        : (tensor<8x4x4x16xf32>) -> tensor<8x4x4x16xf32> loc("r")
    return {dist.plan = {operands = [], results = [], kept = []}}
  }
}
