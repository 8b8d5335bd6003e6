// RUN: autopar-opt %s --autopar-bucket-collectives --mlir-use-nameloc-as-prefix | FileCheck %s
// RUN: autopar-opt %s --autopar-bucket-collectives=bucket-bytes=200 --mlir-use-nameloc-as-prefix | FileCheck %s --check-prefix=SMALL

module attributes {dist.mesh = #dist.mesh<x = 2, y = 2>} {
  // The reductions of two gradients become one call where the second stood, and their updates
  // follow it. A bucket of 200 bytes is full with the first one's 256.
  // CHECK-LABEL: func.func @gradients
  // SMALL-LABEL: func.func @gradients
  func.func @gradients(%w0: tensor<64xf32>, %w1: tensor<32xf32>, %g0: tensor<64xf32>, %g1: tensor<32xf32>, %lr: tensor<f32>) {
    // CHECK-NOT: graph.sgd
    // CHECK: %[[SUMS:.*]]:2 = dist.all_reduce %arg2, %arg3 over {x, y} : (tensor<64xf32>, tensor<32xf32>) -> (tensor<64xf32>, tensor<32xf32>)
    // CHECK-NEXT: %new0 = graph.sgd %arg0, %[[SUMS]]#0
    // CHECK-NEXT: graph.assign "w0" = %new0
    // CHECK-NEXT: %new1 = graph.sgd %arg1, %[[SUMS]]#1
    // CHECK-NEXT: graph.assign "w1" = %new1
    // SMALL: dist.all_reduce %arg2 over
    // SMALL: dist.all_reduce %arg3 over
    %s0 = dist.all_reduce %g0 over {x, y} : (tensor<64xf32>) -> tensor<64xf32> loc("s0")
    %new0 = graph.sgd %w0, %s0, %lr : (tensor<64xf32>, tensor<64xf32>, tensor<f32>) -> tensor<64xf32> loc("new0")
    graph.assign "w0" = %new0 : tensor<64xf32>
    %s1 = dist.all_reduce %g1 over {x, y} : (tensor<32xf32>) -> tensor<32xf32> loc("s1")
    %new1 = graph.sgd %w1, %s1, %lr : (tensor<32xf32>, tensor<32xf32>, tensor<f32>) -> tensor<32xf32> loc("new1")
    graph.assign "w1" = %new1 : tensor<32xf32>
    return
  }

  // A sharded update: one reduce-scatter of the gradients, the updates, one all-gather of the
  // parameters.
  // CHECK-LABEL: func.func @sharded_update
  func.func @sharded_update(%w0: tensor<32xf32>, %w1: tensor<2x8xf32>, %g0: tensor<64xf32>, %g1: tensor<2x16xf32>, %lr: tensor<f32>) {
    // CHECK-NEXT: %[[SUMS:.*]]:2 = dist.reduce_scatter %arg2, %arg3 over {x} dims [0, 1]
    // CHECK-NEXT: %new0 = graph.sgd %arg0, %[[SUMS]]#0
    // CHECK-NEXT: %new1 = graph.sgd %arg1, %[[SUMS]]#1
    // CHECK-NEXT: %[[WHOLE:.*]]:2 = dist.all_gather %new0, %new1 over {x} dims [0, 1]
    // CHECK-NEXT: graph.assign "w0" = %[[WHOLE]]#0
    // CHECK-NEXT: graph.assign "w1" = %[[WHOLE]]#1
    %s0 = dist.reduce_scatter %g0 over {x} dims [0] : (tensor<64xf32>) -> tensor<32xf32> loc("s0")
    %new0 = graph.sgd %w0, %s0, %lr : (tensor<32xf32>, tensor<32xf32>, tensor<f32>) -> tensor<32xf32> loc("new0")
    %whole0 = dist.all_gather %new0 over {x} dims [0] : (tensor<32xf32>) -> tensor<64xf32> loc("whole0")
    graph.assign "w0" = %whole0 : tensor<64xf32>
    %s1 = dist.reduce_scatter %g1 over {x} dims [1] : (tensor<2x16xf32>) -> tensor<2x8xf32> loc("s1")
    %new1 = graph.sgd %w1, %s1, %lr : (tensor<2x8xf32>, tensor<2x8xf32>, tensor<f32>) -> tensor<2x8xf32> loc("new1")
    %whole1 = dist.all_gather %new1 over {x} dims [1] : (tensor<2x8xf32>) -> tensor<2x16xf32> loc("whole1")
    graph.assign "w1" = %whole1 : tensor<2x16xf32>
    return
  }

  // Other ranks, or another element type, are another call.
  // CHECK-LABEL: func.func @unlike
  func.func @unlike(%g0: tensor<8xf32>, %g1: tensor<8xf32>) {
    // CHECK: dist.all_reduce %arg0 over {x}
    // CHECK: dist.all_reduce %arg1 over {y}
    %s0 = dist.all_reduce %g0 over {x} : (tensor<8xf32>) -> tensor<8xf32>
    graph.assign "a" = %s0 : tensor<8xf32>
    %s1 = dist.all_reduce %g1 over {y} : (tensor<8xf32>) -> tensor<8xf32>
    graph.assign "b" = %s1 : tensor<8xf32>
    return
  }

  // What the forward or backward pass waits for is not held back: statistics, and the loss.
  // CHECK-LABEL: func.func @awaited
  func.func @awaited(%x: tensor<8x4x4x16xf32>, %s: tensor<2x16xf64>, %c: tensor<16xf32>, %loss: tensor<f32>, %g: tensor<f32>) -> (tensor<8x4x4x16xf32>, tensor<f32>) {
    // CHECK: dist.all_reduce %arg1 over {x}
    // CHECK-NEXT: graph.batch_norm_apply
    // CHECK-NEXT: dist.all_reduce %arg3 over {x}
    // CHECK-NEXT: dist.all_reduce %arg4 over {x}
    %stats = dist.all_reduce %s over {x} : (tensor<2x16xf64>) -> tensor<2x16xf64>
    %y = graph.batch_norm_apply %x, %stats, %c, %c {count = 256 : i64, epsilon = 0.001 : f64}
       : (tensor<8x4x4x16xf32>, tensor<2x16xf64>, tensor<16xf32>, tensor<16xf32>) -> tensor<8x4x4x16xf32>
    %sum = dist.all_reduce %loss over {x} : (tensor<f32>) -> tensor<f32>
    %other = dist.all_reduce %g over {x} : (tensor<f32>) -> tensor<f32>
    graph.assign "w" = %other : tensor<f32>
    return %y, %sum : tensor<8x4x4x16xf32>, tensor<f32>
  }

  // The gather of an updated parameter waits for the gather of its own gradient: two calls.
  // CHECK-LABEL: func.func @one_after_the_other
  func.func @one_after_the_other(%w: tensor<4x8xf32>, %g: tensor<8x4xf32>, %lr: tensor<f32>) {
    // CHECK: %gradient = dist.all_gather %arg1 over {x} dims [1] : (tensor<8x4xf32>) -> tensor<8x8xf32>
    // CHECK: %part = dist.slice %gradient
    // CHECK: %new = graph.sgd %arg0, %part
    // CHECK: %whole = dist.all_gather %new over {x} dims [0]
    // CHECK: graph.assign "w" = %whole
    %gradient = dist.all_gather %g over {x} dims [1] : (tensor<8x4xf32>) -> tensor<8x8xf32> loc("gradient")
    %part = dist.slice %gradient over {x} dim 0 : (tensor<8x8xf32>) -> tensor<4x8xf32> loc("part")
    %new = graph.sgd %w, %part, %lr : (tensor<4x8xf32>, tensor<4x8xf32>, tensor<f32>) -> tensor<4x8xf32> loc("new")
    %whole = dist.all_gather %new over {x} dims [0] : (tensor<4x8xf32>) -> tensor<8x8xf32> loc("whole")
    graph.assign "w" = %whole : tensor<8x8xf32>
    return
  }
}
