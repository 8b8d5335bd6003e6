// The CUDA target's calls are those of the CPU, but for their workspaces: cuDNN says what its plan
// for the GPU takes, with none at hand, and the weights stand beside it in cuDNN's own form.
//
// REQUIRES: cuda
// RUN: autopar-opt %s --autopar-lower-to-cuda --autopar-verify-calls | FileCheck %s --check-prefixes=CHECK,H100
// RUN: autopar-opt %s --autopar-lower-to-cuda=gpu=a100 --autopar-verify-calls | FileCheck %s --check-prefixes=CHECK,A100
// RUN: autopar-opt %s --autopar-lower-to-cuda=deterministic | FileCheck %s --check-prefix=ORDERED
// RUN: not autopar-opt %s --autopar-lower-to-cuda=gpu=abacus 2>&1 | FileCheck %s --check-prefix=NAME
// RUN: not autopar-opt %s --autopar-lower-to-cuda=gpu=%t.none.json 2>&1 | FileCheck %s --check-prefix=FILE

// NAME: error: {{.*}}abacus{{.*}}a100{{.*}}h100
// FILE: error: cannot read '{{.*}}.none.json': No such file or directory

// CHECK: module attributes {{{.*}}rt.target = "cuda"}
// CHECK-LABEL: func @convolution
func.func @convolution(%x: tensor<8x32x32x64xf32>, %w: tensor<64x64x3x3xf32>) -> tensor<8x32x32x64xf32> {
  // At least the weights: 64 x 64 x 3 x 3 x 4 bytes, six digits.
  // CHECK: rt.call "Conv2dForward" {batch = 8 : i64, {{.*}}}(%arg0, %arg1) workspace {{[0-9][0-9][0-9][0-9][0-9][0-9]+}} :
  %y = graph.conv2d %x, %w {padding = array<i64: 1, 1, 1, 1>}
     : (tensor<8x32x32x64xf32>, tensor<64x64x3x3xf32>) -> tensor<8x32x32x64xf32>
  return %y : tensor<8x32x32x64xf32>
}

// CHECK-LABEL: func @relu
func.func @relu(%x: tensor<8x64xf32>) -> tensor<8x64xf32> {
  // CHECK: rt.call "Relu" {count = 512 : i64}(%arg0) :
  %y = graph.relu %x : (tensor<8x64xf32>) -> tensor<8x64xf32>
  return %y : tensor<8x64xf32>
}

// Types that differ from f32 are told to the libraries: of the images here, for the weights and
// their gradients are f32.
// CHECK-LABEL: func @narrow_convolution
func.func @narrow_convolution(%x: tensor<8x8x8x64xbf16>, %w: tensor<64x64x3x3xf32>) -> tensor<64x64x3x3xf32> {
  // CHECK: rt.call "Conv2dForward" {{{.*}}type = bf16{{.*}}-> tensor<8x8x8x64xbf16>
  %y = graph.conv2d %x, %w {padding = array<i64: 1, 1, 1, 1>}
     : (tensor<8x8x8x64xbf16>, tensor<64x64x3x3xf32>) -> tensor<8x8x8x64xbf16>
  // CHECK: rt.call "Conv2dWeightGrad" {{{.*}}type = bf16{{.*}}-> tensor<64x64x3x3xf32>
  %dw = graph.conv2d_weight_grad %x, %y {padding = array<i64: 1, 1, 1, 1>}
      : (tensor<8x8x8x64xbf16>, tensor<8x8x8x64xbf16>) -> tensor<64x64x3x3xf32>
  return %dw : tensor<64x64x3x3xf32>
}

// CHECK-LABEL: func @narrow_product
func.func @narrow_product(%x: tensor<8x64xf32>, %w: tensor<32x64xf32>) -> tensor<32x64xf32> {
  // CHECK: rt.call "Cast" {count = 512 : i64}(%arg0) : (tensor<8x64xf32>) -> tensor<8x64xf16>
  %h = graph.cast %x : (tensor<8x64xf32>) -> tensor<8x64xf16>
  // CHECK: rt.call "Matmul" {{{.*}}typeA = f16, typeC = f16}
  %y = graph.einsum "bi,oi->bo" %h, %w : (tensor<8x64xf16>, tensor<32x64xf32>) -> tensor<8x32xf16>
  // CHECK: rt.call "Matmul" {{{.*}}typeA = f16, typeB = f16}
  %dw = graph.einsum "bo,bi->oi" %y, %h : (tensor<8x32xf16>, tensor<8x64xf16>) -> tensor<32x64xf32>
  return %dw : tensor<32x64xf32>
}

// A batch of products is of one type: the weight is rounded before it, and a gradient in f32 is
// widened behind it.
// CHECK-LABEL: func @narrow_batch
func.func @narrow_batch(%x: tensor<2x4x8xbf16>, %w: tensor<3x8x16xf32>) -> tensor<2x3x4x16xbf16> {
  // CHECK: %[[W:.*]] = rt.call "Cast" {count = 384 : i64}(%arg1) : (tensor<3x8x16xf32>) -> tensor<3x8x16xbf16>
  // CHECK: rt.call "StridedMatmul" {{{.*}}type = bf16}(%arg0, %[[W]])
  %y = graph.einsum "btc,hcd->bhtd" %x, %w : (tensor<2x4x8xbf16>, tensor<3x8x16xf32>) -> tensor<2x3x4x16xbf16>
  return %y : tensor<2x3x4x16xbf16>
}

// CHECK-LABEL: func @wide_batch
func.func @wide_batch(%x: tensor<2x4x8xbf16>, %y: tensor<2x4x6xbf16>) -> tensor<2x8x6xf32> {
  // CHECK: %[[P:.*]] = rt.call "StridedMatmul" {{.*}} -> tensor<2x8x6xbf16>
  // CHECK: rt.call "Cast" {count = 96 : i64}(%[[P]]) : (tensor<2x8x6xbf16>) -> tensor<2x8x6xf32>
  %p = graph.einsum "btc,btd->bcd" %x, %y : (tensor<2x4x8xbf16>, tensor<2x4x6xbf16>) -> tensor<2x8x6xf32>
  return %p : tensor<2x8x6xf32>
}

// Attention's gradient in 16 bits takes the larger of two workspaces, that of products and that of
// cuDNN's fused kernel. Here it is the latter, on an H100 64 x 16 x 256 x 64 sums of dq and
// 64 x 16 x 256 sums of rows, in f32, and 256 bytes. An A100's adds up in a copy of its own. In the
// same order each time there are 64 x 16 x 256 x 256 slopes of 16 bits in place of sums of dq.
// CHECK-LABEL: func @attention
func.func @attention(%qkv: tensor<64x256x3x16x64xbf16>, %y: tensor<64x256x16x64xbf16>,
                     %lse: tensor<64x16x256xf32>) -> tensor<64x256x3x16x64xbf16> {
  // H100: rt.call "AttentionGrad" {{{.*}}type = bf16}{{.*}} workspace 68157696
  // A100: rt.call "AttentionGrad" {{{.*}}type = bf16}{{.*}} workspace 135266560
  // ORDERED: rt.call "AttentionGrad" {{{.*}}deterministic = true{{.*}} workspace 135266560
  %d = graph.attention_grad %y, %qkv, %y, %lse {causal}
     : (tensor<64x256x16x64xbf16>, tensor<64x256x3x16x64xbf16>, tensor<64x256x16x64xbf16>, tensor<64x16x256xf32>)
    -> tensor<64x256x3x16x64xbf16>
  return %d : tensor<64x256x3x16x64xbf16>
}

// The same bits each time are asked of what other ranks compute too, or of all.
// CHECK-LABEL: func @repeated
// ORDERED-LABEL: func @repeated
func.func @repeated(%x: tensor<8x8x8x64xf32>, %dy: tensor<8x8x8x64xf32>)
    -> (tensor<64x64x3x3xf32>, tensor<64x64x3x3xf32>) {
  // CHECK: rt.call "Conv2dWeightGrad"
  // CHECK-NOT: deterministic
  // CHECK: rt.call "Conv2dWeightGrad" {{{.*}}deterministic = true
  // ORDERED: rt.call "Conv2dWeightGrad" {{{.*}}deterministic = true
  // ORDERED: rt.call "Conv2dWeightGrad" {{{.*}}deterministic = true
  %once = graph.conv2d_weight_grad %x, %dy {padding = array<i64: 1, 1, 1, 1>}
        : (tensor<8x8x8x64xf32>, tensor<8x8x8x64xf32>) -> tensor<64x64x3x3xf32>
  %twice = graph.conv2d_weight_grad %x, %dy {graph.repeated, padding = array<i64: 1, 1, 1, 1>}
         : (tensor<8x8x8x64xf32>, tensor<8x8x8x64xf32>) -> tensor<64x64x3x3xf32>
  return %once, %twice : tensor<64x64x3x3xf32>, tensor<64x64x3x3xf32>
}
