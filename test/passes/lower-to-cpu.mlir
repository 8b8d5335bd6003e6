// Each operation becomes one call of the CPU runtime, or a view. Bytes of workspace are the
// runtime's own figure for this machine and are not checked here; tests that run programs do.
//
// RUN: autopar-opt %s --autopar-lower-to-cpu=threads=2 --autopar-verify-calls -split-input-file | FileCheck %s

// CHECK: module attributes {{{.*}}rt.target = "cpu", rt.threads = 2 : i64}
// CHECK-LABEL: func @convolutions
func.func @convolutions(%x: tensor<8x32x32x16xf32>, %w: tensor<64x8x3x3xf32>, %dy: tensor<8x16x16x64xf32>)
    -> (tensor<8x16x16x64xf32>, tensor<8x32x32x16xf32>, tensor<64x8x3x3xf32>) {
  // Image sizes are those of the input, whichever operand or result that is.
  // CHECK: rt.call "Conv2dForward" {batch = 8 : i64, channels = 16 : i64, dilationH = 1 : i64, dilationW = 1 : i64, filters = 64 : i64, groups = 2 : i64, height = 32 : i64, kernelH = 3 : i64, kernelW = 3 : i64, padBottom = 0 : i64, padLeft = 1 : i64, padRight = 0 : i64, padTop = 1 : i64, strideH = 2 : i64, strideW = 2 : i64, width = 32 : i64}(%arg0, %arg1) workspace {{[0-9]+}} :
  %y = graph.conv2d %x, %w {strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 0, 0>, groups = 2 : i64}
     : (tensor<8x32x32x16xf32>, tensor<64x8x3x3xf32>) -> tensor<8x16x16x64xf32>
  // CHECK: rt.call "Conv2dInputGrad" {batch = 8 : i64, channels = 16 : i64, {{.*}}filters = 64 : i64, {{.*}}height = 32 : i64
  %dx = graph.conv2d_input_grad %dy, %w {strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 0, 0>, groups = 2 : i64}
      : (tensor<8x16x16x64xf32>, tensor<64x8x3x3xf32>) -> tensor<8x32x32x16xf32>
  // CHECK: rt.call "Conv2dWeightGrad" {batch = 8 : i64, channels = 16 : i64, {{.*}}filters = 64 : i64, {{.*}}height = 32 : i64
  %dw = graph.conv2d_weight_grad %x, %dy {strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 0, 0>, groups = 2 : i64}
      : (tensor<8x32x32x16xf32>, tensor<8x16x16x64xf32>) -> tensor<64x8x3x3xf32>
  return %y, %dx, %dw : tensor<8x16x16x64xf32>, tensor<8x32x32x16xf32>, tensor<64x8x3x3xf32>
}

// -----

// CHECK-LABEL: func @batch_norm_in_parts
func.func @batch_norm_in_parts(%x: tensor<4x8x8x16xf32>, %gamma: tensor<16xf32>, %beta: tensor<16xf32>, %mean: tensor<16xf32>, %var: tensor<16xf32>, %dy: tensor<4x8x8x16xf32>) {
  // Rows are this rank's N·H·W; count is the whole batch's, of two ranks here.
  // CHECK: %[[STATS:.*]] = rt.call "BatchNormStats" {channels = 16 : i64, rows = 256 : i64}(%arg0) workspace
  %stats = graph.batch_norm_stats %x : (tensor<4x8x8x16xf32>) -> tensor<2x16xf64>
  // CHECK: %[[Y:.*]] = rt.call "BatchNormApply" {channels = 16 : i64, count = 512 : i64, epsilon = {{.*}}, relu = true, rows = 256 : i64}(%arg0, %[[STATS]], %arg1, %arg2, %arg5)
  %y = graph.batch_norm_apply %x, %stats, %gamma, %beta, %dy {count = 512 : i64, epsilon = 1.0e-5, relu}
     : (tensor<4x8x8x16xf32>, tensor<2x16xf64>, tensor<16xf32>, tensor<16xf32>, tensor<4x8x8x16xf32>) -> tensor<4x8x8x16xf32>
  // CHECK: rt.call "BatchNormRunning" {channels = 16 : i64, count = 512 : i64, momentum = {{.*}}}(%[[STATS]], %arg3, %arg4)
  %m, %v = graph.batch_norm_running %stats, %mean, %var {count = 512 : i64, momentum = 0.1}
         : (tensor<2x16xf64>, tensor<16xf32>, tensor<16xf32>) -> (tensor<16xf32>, tensor<16xf32>)
  // CHECK: %[[SUMS:.*]] = rt.call "BatchNormGradSums" {{{.*}}}(%arg0, %[[STATS]], %arg5, %[[Y]]) workspace
  %sums = graph.batch_norm_grad_sums %x, %stats, %dy, %y {count = 512 : i64, epsilon = 1.0e-5}
        : (tensor<4x8x8x16xf32>, tensor<2x16xf64>, tensor<4x8x8x16xf32>, tensor<4x8x8x16xf32>) -> tensor<2x16xf64>
  // CHECK: rt.call "BatchNormGradInput" {{{.*}}}(%arg0, %[[STATS]], %arg1, %[[SUMS]], %arg5, %[[Y]])
  %dx = graph.batch_norm_grad_input %x, %stats, %gamma, %sums, %dy, %y {count = 512 : i64, epsilon = 1.0e-5}
      : (tensor<4x8x8x16xf32>, tensor<2x16xf64>, tensor<16xf32>, tensor<2x16xf64>, tensor<4x8x8x16xf32>, tensor<4x8x8x16xf32>) -> tensor<4x8x8x16xf32>
  // CHECK: rt.call "BatchNormGradParameters" {channels = 16 : i64}(%[[SUMS]])
  %dgamma, %dbeta = graph.batch_norm_grad_parameters %sums : (tensor<2x16xf64>) -> (tensor<16xf32>, tensor<16xf32>)
  // CHECK: rt.call "BatchNormInference" {channels = 16 : i64, epsilon = {{.*}}, relu = false, rows = 256 : i64}(%arg0, %arg1, %arg2, %arg3, %arg4)
  %z = graph.batch_norm_inference %x, %gamma, %beta, %mean, %var {epsilon = 1.0e-5}
     : (tensor<4x8x8x16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<4x8x8x16xf32>
  return
}

// -----

// CHECK-LABEL: func @pools
func.func @pools(%x: tensor<8x16x16x64xf32>, %dy: tensor<8x8x8x64xf32>) {
  // CHECK: %[[Y:.*]]:2 = rt.call "MaxPool" {{{.*}}height = 16 : i64, kernelH = 3 : i64{{.*}}padTop = 1 : i64{{.*}}strideH = 2
  %y, %where = graph.max_pool %x {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 1, 1>}
             : (tensor<8x16x16x64xf32>) -> (tensor<8x8x8x64xf32>, tensor<8x8x8x64xi8>)
  // CHECK: rt.call "MaxPoolGrad" {{{.*}}height = 16 : i64{{.*}}}(%arg1, %[[Y]]#1)
  %dx = graph.max_pool_grad %dy, %where {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 1, 1>}
      : (tensor<8x8x8x64xf32>, tensor<8x8x8x64xi8>) -> tensor<8x16x16x64xf32>
  // CHECK: rt.call "AvgPool" {{{.*}}countIncludePad = false
  %a = graph.avg_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, count_include_pad = false}
     : (tensor<8x16x16x64xf32>) -> tensor<8x8x8x64xf32>
  // A pool over the whole image has a window as large as that.
  // CHECK: %[[G:.*]] = rt.call "AvgPool" {{{.*}}height = 16 : i64, kernelH = 16 : i64, kernelW = 16 : i64{{.*}}width = 16 : i64}(%arg0) workspace {{.*}} -> tensor<8x64xf32>
  %g = graph.global_avg_pool %x : (tensor<8x16x16x64xf32>) -> tensor<8x64xf32>
  // CHECK: rt.call "AvgPoolGrad" {{{.*}}height = 16 : i64, kernelH = 16 : i64, kernelW = 16 : i64{{.*}}width = 16 : i64}(%[[G]])
  %dg = graph.global_avg_pool_grad %g : (tensor<8x64xf32>) -> tensor<8x16x16x64xf32>
  return
}

// -----

// CHECK-LABEL: func @changes_of_shape_are_views
func.func @changes_of_shape_are_views(%x: tensor<8x2x2x16xf32>) -> tensor<8x2x2x16xf32> {
  // CHECK-NOT: rt.call
  // CHECK: rt.view %arg0 : tensor<8x2x2x16xf32> -> tensor<8x64xf32>
  %y = graph.flatten %x : (tensor<8x2x2x16xf32>) -> tensor<8x64xf32>
  // CHECK: rt.view %{{.*}} : tensor<8x64xf32> -> tensor<8x2x2x16xf32>
  %z = graph.unflatten %y : (tensor<8x64xf32>) -> tensor<8x2x2x16xf32>
  // CHECK: return
  return %z : tensor<8x2x2x16xf32>
}

// -----

// CHECK-LABEL: func @matrices
func.func @matrices(%x: tensor<8x512xf32>, %w: tensor<10x512xf32>, %b: tensor<10xf32>, %labels: tensor<8xi32>) {
  // CHECK: rt.call "LinearForward" {batch = 8 : i64, inputs = 512 : i64, outputs = 10 : i64}(%arg0, %arg1) workspace
  %y = graph.linear %x, %w : (tensor<8x512xf32>, tensor<10x512xf32>) -> tensor<8x10xf32>
  // CHECK: rt.call "BiasAdd" {channels = 10 : i64, rows = 8 : i64}
  %z = graph.bias_add %y, %b : (tensor<8x10xf32>, tensor<10xf32>) -> tensor<8x10xf32>
  // CHECK: rt.call "SoftmaxCrossEntropy" {batch = 8 : i64, classes = 10 : i64, count = 16 : i64, labelSmoothing = 1.000000e-01 : f64}
  %loss = graph.softmax_cross_entropy %z, %labels {count = 16 : i64, label_smoothing = 0.1 : f64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
  // CHECK: rt.call "SoftmaxCrossEntropyGrad" {batch = 8 : i64, classes = 10 : i64, count = 16 : i64, labelSmoothing = 1.000000e-01 : f64}
  %dz = graph.softmax_cross_entropy_grad %z, %labels {count = 16 : i64, label_smoothing = 0.1 : f64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<8x10xf32>
  // CHECK: rt.call "CountCorrect" {batch = 8 : i64, classes = 10 : i64}
  %n = graph.count_correct %z, %labels : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
  // CHECK: rt.call "CountKept" {count = 8 : i64}
  %k = graph.count_kept %labels : (tensor<8xi32>) -> tensor<f32>
  // One of four micro-batches.
  // CHECK: rt.call "Scale" {count = 1 : i64, factor = 2.500000e-01 : f64}
  %s = graph.loss %k {count = 4 : i64} : (tensor<f32>) -> tensor<f32>
  // CHECK: rt.call "BiasGrad" {channels = 10 : i64, rows = 8 : i64}
  %db = graph.bias_grad %dz : (tensor<8x10xf32>) -> tensor<10xf32>
  // CHECK: rt.call "LinearWeightGrad" {batch = 8 : i64, inputs = 512 : i64, outputs = 10 : i64}
  %dw = graph.linear_weight_grad %x, %dz : (tensor<8x512xf32>, tensor<8x10xf32>) -> tensor<10x512xf32>
  // CHECK: rt.call "LinearInputGrad" {batch = 8 : i64, inputs = 512 : i64, outputs = 10 : i64}
  %dx = graph.linear_input_grad %dz, %w : (tensor<8x10xf32>, tensor<10x512xf32>) -> tensor<8x512xf32>
  return
}

// -----

// CHECK-LABEL: func @elementwise
func.func @elementwise(%x: tensor<8x512xf32>, %y: tensor<8x512xf32>) {
  // CHECK: rt.call "Relu" {count = 4096 : i64}
  %a = graph.relu %x : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: rt.call "ReluGrad" {count = 4096 : i64}
  %b = graph.relu_grad %y, %a : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: rt.call "Silu" {count = 4096 : i64}
  %s = graph.silu %x : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: rt.call "SiluGrad" {count = 4096 : i64}
  %ds = graph.silu_grad %s, %x : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: rt.call "Clamp" {count = 4096 : i64, high = 6.000000e+00 : f64, low = 0.000000e+00 : f64}
  %clamped = graph.clamp %x {low = 0.0, high = 6.0} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: rt.call "Mul" {count = 4096 : i64}
  %product = graph.mul %x, %clamped : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  // CHECK: rt.call "Fill" {count = 8 : i64, value = 1.000000e+00 : f64}()
  %ones = graph.fill {value = 1.0} : () -> tensor<8x1x1xf32>
  // CHECK: rt.call "Add" {count = 4096 : i64}
  %c = graph.add %a, %b : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
  return
}

// -----

// CHECK-LABEL: func @variables_stay_until_memory_is_planned
func.func @variables_stay_until_memory_is_planned(%g: tensor<64xf32>, %lr: tensor<f32>, %state: tensor<2xi64>) {
  // CHECK: graph.variable parameter "w"
  %w = graph.variable parameter "w" : tensor<64xf32> = #graph.constant<0.0>
  %m = graph.variable slot "w.momentum" : tensor<64xf32> = #graph.constant<0.0>
  // CHECK: rt.call "Sgd" {count = 64 : i64, dampening = 0.000000e+00 : f64, momentum = 9.000000e-01 : f64, nesterov = true, weightDecay = 0.000000e+00 : f64}(%{{.*}}, %arg0, %arg1, %{{.*}})
  %w1, %m1 = graph.sgd %w, %g, %lr, %m {momentum = 0.9, nesterov}
           : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>)
  // CHECK: graph.assign "w"
  graph.assign "w" = %w1 : tensor<64xf32>
  graph.assign "w.momentum" = %m1 : tensor<64xf32>
  // Where there is dampening, the state tells the first step.
  // CHECK: rt.call "Sgd" {count = 64 : i64, dampening = 5.000000e-01 : f64, {{.*}}}(%{{.*}}, %arg0, %arg1, %{{.*}}, %arg2)
  %w2, %m2 = graph.sgd %w, %g, %lr, %m at %state {momentum = 0.9, dampening = 0.5}
           : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<64xf32>, tensor<2xi64>) -> (tensor<64xf32>, tensor<64xf32>)
  return
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2, y = 2>} {
  // CHECK-LABEL: func @collectives
  func.func @collectives(%a: tensor<64x8xf32>, %b: tensor<16xf32>) {
    // A bucket of tensors is one call.
    // CHECK: rt.call "AllReduce" {axes = array<i64: 0, 1>}(%arg0, %arg1) workspace
    %r:2 = dist.all_reduce %a, %b over {x, y} : (tensor<64x8xf32>, tensor<16xf32>) -> (tensor<64x8xf32>, tensor<16xf32>)
    // CHECK: rt.call "ReduceScatter" {axes = array<i64: 1>, dims = array<i64: 0, 0>}(%arg0, %arg1) workspace
    %s:2 = dist.reduce_scatter %a, %b over {y} dims [0, 0] : (tensor<64x8xf32>, tensor<16xf32>) -> (tensor<32x8xf32>, tensor<8xf32>)
    // CHECK: rt.call "AllGather" {axes = array<i64: 0>, dims = array<i64: 1>}(%arg0) workspace
    %g = dist.all_gather %a over {x} dims [1] : (tensor<64x8xf32>) -> tensor<64x16xf32>
    // CHECK: rt.call "AllToAll" {axes = array<i64: 0>, concat = 1 : i64, split = 0 : i64}(%arg0) workspace
    %t = dist.all_to_all %a over {x} split 0 concat 1 : (tensor<64x8xf32>) -> tensor<32x16xf32>
    // CHECK: rt.call "CopySlice" {axes = array<i64: 0, 1>, dim = 0 : i64}(%arg0) : (tensor<64x8xf32>) -> tensor<16x8xf32>
    %c = dist.slice %a over {x, y} dim 0 : (tensor<64x8xf32>) -> tensor<16x8xf32>
    return
  }
}
