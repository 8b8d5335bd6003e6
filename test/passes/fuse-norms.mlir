// Convolutions take over the batch norms around them where cuDNN can, and nobody reads a relu's
// output to see where it is 0.
//
// REQUIRES: cuda
// RUN: autopar-opt %s --autopar-fuse-norms --mlir-use-nameloc-as-prefix | FileCheck %s
// RUN: autopar-opt %s --autopar-fuse-norms=gpu=a100 --mlir-use-nameloc-as-prefix | FileCheck %s --check-prefix=A100
// RUN: autopar-opt %s --autopar-fuse-norms --autopar-plan-memory --autopar-verify-memory | FileCheck %s --check-prefix=PLAN
// RUN: not autopar-opt %s --autopar-fuse-norms=gpu=v100 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// UNKNOWN: error: no GPU is known as v100; a100 and h100 are

!image = tensor<32x8x8x64xf16>
!filters = tensor<64x64x3x3xf32>
!stats = tensor<2x64xf64>
!channels = tensor<64xf32>

module attributes {rt.target = "cuda"} {
// The normalized image is in no plan; its statistics and those of the next are.
// CHECK-LABEL: func.func @block(
// CHECK-SAME:    %[[X:[a-z0-9]*]]: {{.*}}, %[[S:[a-z0-9]*]]: {{.*}}, %[[G:[a-z0-9]*]]: {{.*}}, %[[B:[a-z0-9]*]]: {{.*}}, %[[W:[a-z0-9]*]]: {{.*}}, %[[DY:[a-z0-9]*]]: {{.*}})
// PLAN-LABEL: func.func @block
// PLAN-NOT:   rt.slice "relu"
// PLAN:       rt.slice "conv" activation
// PLAN:       rt.slice "conv.stats" activation
// PLAN-NOT:   rt.slice "relu"
func.func @block(%x: !image, %s: !stats, %gamma: !channels, %beta: !channels, %w: !filters, %dy: !image) -> (!image, !stats, !filters, !image, !stats) {
  // CHECK-NEXT: %[[Y:.*]]:2 = rt.call "NormConv2dStats" {batch = 32 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.000000e-05 : f64, {{.*}}}(%[[X]], %[[S]], %[[G]], %[[B]], %[[W]]) workspace {{[0-9]+}}
  // CHECK-NEXT: %[[DZ:.*]]:2 = rt.call "NormConv2dInputGrad" {{.*}}count = 2048 : i64, epsilon = 1.000000e-05 : f64{{.*}}(%[[DY]], %[[W]], %[[X]], %[[S]], %[[G]], %[[B]]) workspace
  // CHECK-NEXT: %[[DW:.*]] = rt.call "NormConv2dWeightGrad" {{.*}}(%[[X]], %[[S]], %[[G]], %[[B]], %[[DY]]) workspace
  // CHECK-NEXT: %[[DX:.*]] = rt.call "BatchNormGradInput" {{.*}}(%[[X]], %[[S]], %[[G]], %[[DZ]]#1, %[[DZ]]#0)
  // CHECK-NEXT: return %[[Y]]#0, %[[Y]]#1, %[[DW]], %[[DX]], %[[DZ]]#1
  %z = rt.call "BatchNormApply" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64, relu = true} (%x, %s, %gamma, %beta)
      : (!image, !stats, !channels, !channels) -> !image loc("relu")
  %y = rt.call "Conv2dForward" {batch = 32 : i64, height = 8 : i64, width = 8 : i64, channels = 64 : i64, filters = 64 : i64, kernelH = 3 : i64, kernelW = 3 : i64, padTop = 1 : i64, padLeft = 1 : i64, padBottom = 1 : i64, padRight = 1 : i64, type = f16} (%z, %w) workspace 0
      : (!image, !filters) -> !image loc("conv")
  %t = rt.call "BatchNormStats" {rows = 2048 : i64, channels = 64 : i64} (%y) workspace 8192 : (!image) -> !stats loc("conv.stats")
  %dz = rt.call "Conv2dInputGrad" {batch = 32 : i64, height = 8 : i64, width = 8 : i64, channels = 64 : i64, filters = 64 : i64, kernelH = 3 : i64, kernelW = 3 : i64, padTop = 1 : i64, padLeft = 1 : i64, padBottom = 1 : i64, padRight = 1 : i64, type = f16} (%dy, %w) workspace 0
      : (!image, !filters) -> !image loc("relu.grad")
  %dw = rt.call "Conv2dWeightGrad" {batch = 32 : i64, height = 8 : i64, width = 8 : i64, channels = 64 : i64, filters = 64 : i64, kernelH = 3 : i64, kernelW = 3 : i64, padTop = 1 : i64, padLeft = 1 : i64, padBottom = 1 : i64, padRight = 1 : i64, type = f16} (%z, %dy) workspace 0
      : (!image, !image) -> !filters loc("w.grad")
  %ds = rt.call "BatchNormGradSums" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64} (%x, %s, %dz, %z) workspace 8192
      : (!image, !stats, !image, !image) -> !stats loc("norm.grad_sums")
  %dx = rt.call "BatchNormGradInput" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64} (%x, %s, %gamma, %ds, %dz, %z)
      : (!image, !stats, !channels, !stats, !image, !image) -> !image loc("x.grad")
  return %y, %t, %dw, %dx, %ds : !image, !stats, !filters, !image, !stats
}

// The sums go over all ranks: what is between the two parts of the gradient stays there.
// CHECK-LABEL: func.func @reduced
func.func @reduced(%x: !image, %s: !stats, %gamma: !channels, %beta: !channels, %w: !filters, %dy: !image) -> !image {
  // CHECK-NEXT: %[[DZ:.*]]:2 = rt.call "NormConv2dInputGrad"
  // CHECK-NEXT: %[[SUM:.*]] = rt.call "Scale" {{.*}}(%[[DZ]]#1)
  // CHECK-NEXT: rt.call "BatchNormGradInput" {{.*}}(%{{.*}}, %{{.*}}, %{{.*}}, %[[SUM]], %[[DZ]]#0)
  %z = rt.call "BatchNormApply" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64, relu = true} (%x, %s, %gamma, %beta)
      : (!image, !stats, !channels, !channels) -> !image
  %dz = rt.call "Conv2dInputGrad" {batch = 32 : i64, height = 8 : i64, width = 8 : i64, channels = 64 : i64, filters = 64 : i64, kernelH = 3 : i64, kernelW = 3 : i64, padTop = 1 : i64, padLeft = 1 : i64, padBottom = 1 : i64, padRight = 1 : i64, type = f16} (%dy, %w) workspace 0
      : (!image, !filters) -> !image
  %ds = rt.call "BatchNormGradSums" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64} (%x, %s, %dz, %z) workspace 8192
      : (!image, !stats, !image, !image) -> !stats
  %all = rt.call "Scale" {count = 128 : i64, factor = 2.0 : f64} (%ds) : (!stats) -> !stats
  %dx = rt.call "BatchNormGradInput" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64} (%x, %s, %gamma, %all, %dz, %z)
      : (!image, !stats, !channels, !stats, !image, !image) -> !image
  return %dx : !image
}

// On an A100 the gradient's sums would cost more memory than they are worth.
// CHECK-LABEL: func.func @large
// CHECK-NEXT:  rt.call "NormConv2dInputGrad"
// A100-LABEL: func.func @large
// A100-NEXT:  rt.call "Conv2dInputGrad"
// A100-NEXT:  rt.call "BatchNormReluGradSums"
func.func @large(%x: tensor<256x56x56x64xf16>, %s: !stats, %gamma: !channels, %beta: !channels, %w: !filters, %dy: tensor<256x56x56x64xf16>) -> !stats {
  %z = rt.call "BatchNormApply" {rows = 802816 : i64, channels = 64 : i64, count = 802816 : i64, epsilon = 1.0e-5 : f64, relu = true} (%x, %s, %gamma, %beta)
      : (tensor<256x56x56x64xf16>, !stats, !channels, !channels) -> tensor<256x56x56x64xf16>
  %dz = rt.call "Conv2dInputGrad" {batch = 256 : i64, height = 56 : i64, width = 56 : i64, channels = 64 : i64, filters = 64 : i64, kernelH = 3 : i64, kernelW = 3 : i64, padTop = 1 : i64, padLeft = 1 : i64, padBottom = 1 : i64, padRight = 1 : i64, type = f16} (%dy, %w) workspace 0
      : (tensor<256x56x56x64xf16>, !filters) -> tensor<256x56x56x64xf16>
  %ds = rt.call "BatchNormGradSums" {rows = 802816 : i64, channels = 64 : i64, count = 802816 : i64, epsilon = 1.0e-5 : f64} (%x, %s, %dz, %z) workspace 8192
      : (tensor<256x56x56x64xf16>, !stats, tensor<256x56x56x64xf16>, tensor<256x56x56x64xf16>) -> !stats
  return %ds : !stats
}

// What others read too is computed: z for the function's result, dz for the addition. Statistics
// are still summed on the way.
// CHECK-LABEL: func.func @other_readers
func.func @other_readers(%x: !image, %s: !stats, %gamma: !channels, %beta: !channels, %w: !filters, %dy: !image) -> (!image, !stats, !image, !stats) {
  // CHECK-NEXT: %[[Z:.*]] = rt.call "BatchNormApply"
  // CHECK-NEXT: rt.call "Conv2dStats" {{.*}}(%[[Z]], %{{.*}})
  // CHECK-NEXT: %[[DZ:.*]] = rt.call "Conv2dInputGrad"
  // CHECK-NEXT: rt.call "Add"
  // CHECK-NEXT: rt.call "BatchNormReluGradSums"
  %z = rt.call "BatchNormApply" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64, relu = true} (%x, %s, %gamma, %beta)
      : (!image, !stats, !channels, !channels) -> !image
  %y = rt.call "Conv2dForward" {batch = 32 : i64, height = 8 : i64, width = 8 : i64, channels = 64 : i64, filters = 64 : i64, kernelH = 3 : i64, kernelW = 3 : i64, padTop = 1 : i64, padLeft = 1 : i64, padBottom = 1 : i64, padRight = 1 : i64, type = f16} (%z, %w) workspace 0
      : (!image, !filters) -> !image
  %t = rt.call "BatchNormStats" {rows = 2048 : i64, channels = 64 : i64} (%y) workspace 8192 : (!image) -> !stats
  %dz = rt.call "Conv2dInputGrad" {batch = 32 : i64, height = 8 : i64, width = 8 : i64, channels = 64 : i64, filters = 64 : i64, kernelH = 3 : i64, kernelW = 3 : i64, padTop = 1 : i64, padLeft = 1 : i64, padBottom = 1 : i64, padRight = 1 : i64, type = f16} (%dy, %w) workspace 0
      : (!image, !filters) -> !image
  %both = rt.call "Add" {count = 131072 : i64} (%dz, %dy) : (!image, !image) -> !image
  %ds = rt.call "BatchNormGradSums" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64} (%x, %s, %dz, %z) workspace 8192
      : (!image, !stats, !image, !image) -> !stats
  return %z, %t, %both, %ds : !image, !stats, !image, !stats
}

// What is computed again for the gradient, or gathered for it, may not be there yet.
// CHECK-LABEL: func.func @late
// CHECK-NEXT: rt.call "Conv2dInputGrad"
// CHECK-NEXT: rt.call "Scale"
// CHECK-NEXT: rt.call "BatchNormReluGradSums"
func.func @late(%x: !image, %s: !stats, %gamma: !channels, %beta: !channels, %w: !filters, %dy: !image) -> !stats {
  %dz = rt.call "Conv2dInputGrad" {batch = 32 : i64, height = 8 : i64, width = 8 : i64, channels = 64 : i64, filters = 64 : i64, kernelH = 3 : i64, kernelW = 3 : i64, padTop = 1 : i64, padLeft = 1 : i64, padBottom = 1 : i64, padRight = 1 : i64, type = f16} (%dy, %w) workspace 0
      : (!image, !filters) -> !image
  %gathered = rt.call "Scale" {count = 64 : i64, factor = 2.0 : f64} (%gamma) : (!channels) -> !channels
  %z = rt.call "BatchNormApply" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64, relu = true} (%x, %s, %gathered, %beta)
      : (!image, !stats, !channels, !channels) -> !image
  %ds = rt.call "BatchNormGradSums" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64} (%x, %s, %dz, %z) workspace 8192
      : (!image, !stats, !image, !image) -> !stats
  return %ds : !stats
}

// A residual is in the output and not in x: its mask is read. A norm without a relu, or of another
// x, is nobody's mask.
// CHECK-LABEL: func.func @residual
func.func @residual(%x: !image, %s: !stats, %gamma: !channels, %beta: !channels, %r: !image, %dz: !image) -> (!image, !stats, !stats) {
  // CHECK:      rt.call "BatchNormGradSums" {{.*}}(%{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}})
  // CHECK-NEXT: rt.call "BatchNormApply"
  // CHECK-NEXT: rt.call "BatchNormGradSums" {{.*}}(%{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}})
  %z = rt.call "BatchNormApply" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64, relu = true} (%x, %s, %gamma, %beta, %r)
      : (!image, !stats, !channels, !channels, !image) -> !image
  %ds = rt.call "BatchNormGradSums" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64} (%x, %s, %dz, %z) workspace 8192
      : (!image, !stats, !image, !image) -> !stats
  %u = rt.call "BatchNormApply" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64, relu = true} (%r, %s, %gamma, %beta)
      : (!image, !stats, !channels, !channels) -> !image
  %du = rt.call "BatchNormGradSums" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64} (%x, %s, %dz, %u) workspace 8192
      : (!image, !stats, !image, !image) -> !stats
  return %z, %ds, %du : !image, !stats, !stats
}

// cuDNN has these in f16 alone. In f32 the mask is not read, which frees the output for others to
// be written over it.
// CHECK-LABEL: func.func @single
func.func @single(%x: tensor<32x8x8x64xf32>, %s: !stats, %gamma: !channels, %beta: !channels, %w: !filters, %dz: tensor<32x8x8x64xf32>) -> (tensor<32x8x8x64xf32>, !stats, tensor<32x8x8x64xf32>) {
  // CHECK-NEXT: rt.call "BatchNormApply"
  // CHECK-NEXT: rt.call "Conv2dForward"
  // CHECK-NEXT: rt.call "BatchNormReluGradSums"
  // CHECK-NEXT: rt.call "BatchNormReluGradInput"
  // CHECK-NEXT: return
  %z = rt.call "BatchNormApply" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64, relu = true} (%x, %s, %gamma, %beta)
      : (tensor<32x8x8x64xf32>, !stats, !channels, !channels) -> tensor<32x8x8x64xf32>
  %y = rt.call "Conv2dForward" {batch = 32 : i64, height = 8 : i64, width = 8 : i64, channels = 64 : i64, filters = 64 : i64, kernelH = 3 : i64, kernelW = 3 : i64, padTop = 1 : i64, padLeft = 1 : i64, padBottom = 1 : i64, padRight = 1 : i64} (%z, %w) workspace 0
      : (tensor<32x8x8x64xf32>, !filters) -> tensor<32x8x8x64xf32>
  %ds = rt.call "BatchNormGradSums" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64} (%x, %s, %dz, %z) workspace 8192
      : (tensor<32x8x8x64xf32>, !stats, tensor<32x8x8x64xf32>, tensor<32x8x8x64xf32>) -> !stats
  %dx = rt.call "BatchNormGradInput" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64} (%x, %s, %gamma, %ds, %dz, %z)
      : (tensor<32x8x8x64xf32>, !stats, !channels, !stats, tensor<32x8x8x64xf32>, tensor<32x8x8x64xf32>) -> tensor<32x8x8x64xf32>
  return %y, %ds, %dx : tensor<32x8x8x64xf32>, !stats, tensor<32x8x8x64xf32>
}

// The gradient of relu(batch norm + residual) is added up in the batch norm's sums; who else reads it
// finds it made. Where the sum is read before the relu passes it, both stay.
// CHECK-LABEL: func.func @added(
// CHECK-SAME:    %[[X:[a-z0-9]*]]: {{[^,]*}}, %[[S:[a-z0-9]*]]: {{[^,]*}}, %[[A:[a-z0-9]*]]: {{[^,]*}}, %[[C:[a-z0-9]*]]: {{[^,]*}}, %[[Y:[a-z0-9]*]]: {{[^,]*}}, %[[G:[a-z0-9]*]]:
// PLAN-LABEL: func.func @added
func.func @added(%x: !image, %s: !stats, %a: !image, %b: !image, %y: !image, %gamma: !channels) -> (!image, !image) {
  // CHECK-NEXT: %[[DZ:.*]]:2 = rt.call "BatchNormAddReluGradSums" {channels = 64 : i64, count = 2048 : i64, epsilon = 1.000000e-05 : f64, rows = 2048 : i64}(%[[X]], %[[S]], %[[A]], %[[C]], %[[Y]]) workspace 8192
  // CHECK-NEXT: %[[DX:.*]] = rt.call "BatchNormGradInput" {{.*}}(%[[X]], %[[S]], %[[G]], %[[DZ]]#1, %[[DZ]]#0)
  // CHECK-NEXT: return %[[DX]], %[[DZ]]#0
  %sum = rt.call "Add" {count = 131072 : i64} (%a, %b) : (!image, !image) -> !image
  %dz = rt.call "ReluGrad" {count = 131072 : i64} (%sum, %y) : (!image, !image) -> !image
  %ds = rt.call "BatchNormGradSums" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64} (%x, %s, %dz) workspace 8192
      : (!image, !stats, !image) -> !stats
  %dx = rt.call "BatchNormGradInput" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64} (%x, %s, %gamma, %ds, %dz)
      : (!image, !stats, !channels, !stats, !image) -> !image
  return %dx, %dz : !image, !image
}
// CHECK-LABEL: func.func @sum_read_twice
// CHECK: rt.call "BatchNormGradSums"
func.func @sum_read_twice(%x: !image, %s: !stats, %a: !image, %b: !image, %y: !image) -> (!image, !stats) {
  %sum = rt.call "Add" {count = 131072 : i64} (%a, %b) : (!image, !image) -> !image
  %dz = rt.call "ReluGrad" {count = 131072 : i64} (%sum, %y) : (!image, !image) -> !image
  %ds = rt.call "BatchNormGradSums" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64} (%x, %s, %dz) workspace 8192
      : (!image, !stats, !image) -> !stats
  return %sum, %ds : !image, !stats
}

// A block whose residual has a batch norm of its own: both would mask the sum themselves. One
// masks it for all.
// CHECK-LABEL: func.func @added_for_two(
// CHECK-SAME:    %[[X:[a-z0-9]*]]: {{[^,]*}}, %[[S:[a-z0-9]*]]: {{[^,]*}}, %[[U:[a-z0-9]*]]: {{[^,]*}}, %[[T:[a-z0-9]*]]: {{[^,]*}}, %[[A:[a-z0-9]*]]: {{[^,]*}}, %[[C:[a-z0-9]*]]: {{[^,]*}}, %[[Y:[a-z0-9]*]]: {{[^,]*}}, %[[G:[a-z0-9]*]]:
func.func @added_for_two(%x: !image, %s: !stats, %u: !image, %t: !stats, %a: !image, %b: !image, %y: !image, %gamma: !channels) -> (!image, !image) {
  // CHECK-NEXT: %[[DZ:.*]]:2 = rt.call "BatchNormAddReluGradSums" {{.*}}(%[[X]], %[[S]], %[[A]], %[[C]], %[[Y]]) workspace 8192
  // CHECK-NEXT: %[[DX:.*]] = rt.call "BatchNormGradInput" {{.*}}(%[[X]], %[[S]], %[[G]], %[[DZ]]#1, %[[DZ]]#0)
  // CHECK-NEXT: %[[DT:.*]] = rt.call "BatchNormGradSums" {{.*}}(%[[U]], %[[T]], %[[DZ]]#0)
  // CHECK-NEXT: %[[DU:.*]] = rt.call "BatchNormGradInput" {{.*}}(%[[U]], %[[T]], %[[G]], %[[DT]], %[[DZ]]#0)
  // CHECK-NEXT: return %[[DX]], %[[DU]]
  %sum = rt.call "Add" {count = 131072 : i64} (%a, %b) : (!image, !image) -> !image
  %ds = rt.call "BatchNormGradSums" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64} (%x, %s, %sum, %y) workspace 8192
      : (!image, !stats, !image, !image) -> !stats
  %dx = rt.call "BatchNormGradInput" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64} (%x, %s, %gamma, %ds, %sum, %y)
      : (!image, !stats, !channels, !stats, !image, !image) -> !image
  %dt = rt.call "BatchNormGradSums" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64} (%u, %t, %sum, %y) workspace 8192
      : (!image, !stats, !image, !image) -> !stats
  %du = rt.call "BatchNormGradInput" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64} (%u, %t, %gamma, %dt, %sum, %y)
      : (!image, !stats, !channels, !stats, !image, !image) -> !image
  return %dx, %du : !image, !image
}

// Somebody reads that sum as it is.
// CHECK-LABEL: func.func @added_read_unmasked(
func.func @added_read_unmasked(%x: !image, %s: !stats, %a: !image, %b: !image, %y: !image) -> (!stats, !image) {
  // CHECK: %[[SUM:.*]] = rt.call "Add"
  // CHECK: rt.call "BatchNormGradSums" {{.*}}(%{{[a-z0-9]*}}, %{{[a-z0-9]*}}, %[[SUM]], %{{[a-z0-9]*}})
  %sum = rt.call "Add" {count = 131072 : i64} (%a, %b) : (!image, !image) -> !image
  %ds = rt.call "BatchNormGradSums" {rows = 2048 : i64, channels = 64 : i64, count = 2048 : i64, epsilon = 1.0e-5 : f64} (%x, %s, %sum, %y) workspace 8192
      : (!image, !stats, !image, !image) -> !stats
  return %ds, %sum : !stats, !image
}
}
