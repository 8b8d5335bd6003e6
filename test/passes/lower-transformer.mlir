// What transformers are made of, as calls. A part says which block of the whole a rank holds: the
// whole itself where nothing is split.
//
// RUN: autopar-opt %s --autopar-lower-to-cpu=threads=2 --autopar-verify-calls -split-input-file | FileCheck %s

// CHECK-LABEL: func @layers
func.func @layers(%x: tensor<8x16x128xf32>, %g: tensor<128xf32>, %b: tensor<16x128xf32>) {
  // CHECK: %[[N:.*]]:3 = rt.call "LayerNorm" {channels = 128 : i64, epsilon = {{.*}}, rows = 128 : i64}(%arg0, %arg1, %arg1)
  %y, %m, %r = graph.layer_norm %x, %g, %g : (tensor<8x16x128xf32>, tensor<128xf32>, tensor<128xf32>)
      -> (tensor<8x16x128xf32>, tensor<8x16xf32>, tensor<8x16xf32>)
  // CHECK: rt.call "LayerNormGradInput" {channels = 128 : i64, rows = 128 : i64}(%[[N]]#0, %arg0, %arg1, %[[N]]#1, %[[N]]#2)
  %dx = graph.layer_norm_grad_input %y, %x, %g, %m, %r
      : (tensor<8x16x128xf32>, tensor<8x16x128xf32>, tensor<128xf32>, tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16x128xf32>
  // CHECK: rt.call "LayerNormGradParameters" {channels = 128 : i64, rows = 128 : i64}(%[[N]]#0, %arg0, %[[N]]#1, %[[N]]#2) workspace
  %dg, %db = graph.layer_norm_grad_parameters %y, %x, %m, %r
      : (tensor<8x16x128xf32>, tensor<8x16x128xf32>, tensor<8x16xf32>, tensor<8x16xf32>) -> (tensor<128xf32>, tensor<128xf32>)
  // Two dimensions of bias are one row of channels.
  // CHECK: rt.call "BiasAdd" {channels = 2048 : i64, rows = 8 : i64}(%arg0, %arg2)
  %z = graph.bias_add %x, %b : (tensor<8x16x128xf32>, tensor<16x128xf32>) -> tensor<8x16x128xf32>
  // CHECK: rt.call "BiasGrad" {channels = 2048 : i64, rows = 8 : i64}
  %dz = graph.bias_grad %x {bias_rank = 2 : i64} : (tensor<8x16x128xf32>) -> tensor<16x128xf32>
  // CHECK: rt.call "Gelu" {count = 16384 : i64, tanh = true}(%arg0)
  %u = graph.gelu %x {approximate = "tanh"} : (tensor<8x16x128xf32>) -> tensor<8x16x128xf32>
  // CHECK: rt.call "GeluGrad" {count = 16384 : i64, tanh = false}
  %du = graph.gelu_grad %u, %x : (tensor<8x16x128xf32>, tensor<8x16x128xf32>) -> tensor<8x16x128xf32>
  // CHECK: rt.call "Scale" {count = 16384 : i64, factor = 5.000000e-01 : f64}
  %s = graph.scale %x {factor = 0.5} : (tensor<8x16x128xf32>) -> tensor<8x16x128xf32>
  return
}

// -----

// CHECK-LABEL: func @embedding
func.func @embedding(%t: tensor<8x16xi32>, %e: tensor<512x128xf32>) {
  // CHECK: %[[Y:.*]] = rt.call "Embedding" {channels = 128 : i64, length = 512 : i64, rows = 128 : i64, table = #dist.part<whole = [512, 128], axes = {{\[}}[], []]>}(%arg0, %arg1)
  %y = graph.embedding %t, %e : (tensor<8x16xi32>, tensor<512x128xf32>) -> tensor<8x16x128xf32>
  // CHECK: rt.call "EmbeddingGrad" {channels = 128 : i64, length = 512 : i64, rows = 128 : i64, table = #dist.part<whole = [1024, 128], axes = {{\[}}[0], []]>}(%arg0, %[[Y]]) workspace
  %d = graph.embedding_grad %t, %y {part = #dist.part<whole = [1024, 128], axes = [[0], []]>}
     : (tensor<8x16xi32>, tensor<8x16x128xf32>) -> tensor<512x128xf32>
  return
}

// -----

// CHECK-LABEL: func @attention
func.func @attention(%qkv: tensor<8x16x3x4x32xf32>, %state: tensor<2xi64>) {
  // CHECK: %[[A:.*]]:2 = rt.call "Attention" {batch = 8 : i64, causal = true, dropout = 1.000000e-01 : f64, headSize = 32 : i64, heads = 4 : i64, part = #dist.part<whole = [8, 16, 8, 32], axes = {{\[}}[], [], [1], []]>, scale = 0.17677669529663687 : f64, sequence = 16 : i64, site = 2 : i64}(%arg0, %arg1) workspace
  %y, %lse = graph.attention %qkv, %state {causal, dropout = 0.1, site = 2 : i64, part = #dist.part<whole = [8, 16, 8, 32], axes = [[], [], [1], []]>}
           : (tensor<8x16x3x4x32xf32>, tensor<2xi64>) -> (tensor<8x16x4x32xf32>, tensor<8x4x16xf32>)
  // CHECK: rt.call "AttentionGrad" {batch = 8 : i64, causal = false, {{.*}}scale = 5.000000e-01 : f64{{.*}}}(%[[A]]#0, %arg0, %[[A]]#0, %[[A]]#1) workspace
  %d = graph.attention_grad %y, %qkv, %y, %lse {scale = 0.5}
     : (tensor<8x16x4x32xf32>, tensor<8x16x3x4x32xf32>, tensor<8x16x4x32xf32>, tensor<8x4x16xf32>) -> tensor<8x16x3x4x32xf32>
  // CHECK: rt.call "Dropout" {part = {{.*}}, rate = 1.000000e-01 : f64, shape = array<i64: 8, 16, 4, 32>, site = 5 : i64}(%[[A]]#0, %arg1)
  %r = graph.random_dropout %y, %state {rate = 0.1, site = 5 : i64} : (tensor<8x16x4x32xf32>, tensor<2xi64>) -> tensor<8x16x4x32xf32>
  // CHECK: rt.call "Softmax" {causal = true, columns = 16 : i64, queries = 4 : i64, rows = 32 : i64}(%[[A]]#1)
  // CHECK: rt.call "SoftmaxGrad" {columns = 16 : i64, rows = 32 : i64}
  %p = graph.softmax %lse {causal} : (tensor<8x4x16xf32>) -> tensor<8x4x16xf32>
  %dp = graph.softmax_grad %p, %p : (tensor<8x4x16xf32>, tensor<8x4x16xf32>) -> tensor<8x4x16xf32>
  return
}

// -----

// CHECK-LABEL: func @arrangement
func.func @arrangement(%x: tensor<8x16x4x32xf32>) {
  // CHECK: rt.view %arg0 : tensor<8x16x4x32xf32> -> tensor<8x16x128xf32>
  %r = graph.reshape %x : (tensor<8x16x4x32xf32>) -> tensor<8x16x128xf32>
  // CHECK: rt.call "Transpose" {permutation = array<i64: 0, 2, 1, 3>, shape = array<i64: 8, 16, 4, 32>}
  %t = graph.transpose %x {permutation = array<i64: 0, 2, 1, 3>} : (tensor<8x16x4x32xf32>) -> tensor<8x4x16x32xf32>
  // CHECK: %[[S:.*]] = rt.call "SliceDim" {begin = 2 : i64, inner = 128 : i64, length = 4 : i64, outer = 8 : i64, whole = 16 : i64}(%arg0)
  %s = graph.slice %x {dim = 1 : i64, begin = 2 : i64, length = 4 : i64} : (tensor<8x16x4x32xf32>) -> tensor<8x4x4x32xf32>
  // CHECK: rt.call "PadDim" {begin = 2 : i64, inner = 128 : i64, length = 4 : i64, outer = 8 : i64, value = 0.000000e+00 : f64, whole = 16 : i64}(%[[S]])
  %p = graph.pad %s {dim = 1 : i64, begin = 2 : i64, whole = 16 : i64} : (tensor<8x4x4x32xf32>) -> tensor<8x16x4x32xf32>
  // CHECK: rt.call "Concat" {inner = 128 : i64, lengths = array<i64: 4, 16>, outer = 8 : i64}(%[[S]], %arg0)
  %c = graph.concat %s, %x {dim = 1 : i64} : (tensor<8x4x4x32xf32>, tensor<8x16x4x32xf32>) -> tensor<8x20x4x32xf32>
  return
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
// CHECK-LABEL: func @language_loss
func.func @language_loss(%x: tensor<8x16x512xf32>, %l: tensor<8x16xi32>) {
  // CHECK: %[[SUMS:.*]] = rt.call "VocabularySums" {blocks = 2 : i64, classes = 512 : i64, logits = #dist.part<whole = [8, 16, 1024], axes = {{\[}}[], [], [0]]>, rows = 128 : i64, valid = 1000 : i64}(%arg0, %arg1)
  %sums = graph.vocabulary_sums %x, %l {valid = 1000 : i64, part = #dist.part<whole = [8, 16, 1024], axes = [[], [], [0]]>}
        : (tensor<8x16x512xf32>, tensor<8x16xi32>) -> tensor<8x16x2x3xf64>
  %all = dist.all_gather %sums over {x} dims [2] : (tensor<8x16x2x3xf64>) -> tensor<8x16x4x3xf64>
  // CHECK: %[[ALL:.*]] = rt.call "AllGather" {{.*}}(%[[SUMS]])
  // CHECK: rt.call "CrossEntropyOfSums" {blocks = 4 : i64, count = 128 : i64, rows = 128 : i64}(%[[ALL]], %arg1)
  %loss = graph.cross_entropy_of_sums %all, %l {count = 128 : i64} : (tensor<8x16x4x3xf64>, tensor<8x16xi32>) -> tensor<f32>
  // CHECK: rt.call "CrossEntropyOfSumsGrad" {blocks = 4 : i64, classes = 512 : i64, count = 128 : i64, logits = {{.*}}, rows = 128 : i64, valid = 1000 : i64}(%arg0, %arg1, %[[ALL]])
  %d = graph.cross_entropy_of_sums_grad %x, %l, %all {count = 128 : i64, valid = 1000 : i64, part = #dist.part<whole = [8, 16, 1024], axes = [[], [], [0]]>}
     : (tensor<8x16x512xf32>, tensor<8x16xi32>, tensor<8x16x4x3xf64>) -> tensor<8x16x512xf32>
  return
}
}

// -----

// CHECK-LABEL: func @update
func.func @update(%w: tensor<64x2xf32>, %g: tensor<64x2xf32>, %lr: tensor<f32>, %state: tensor<2xi64>) {
  // CHECK: %[[S:.*]] = rt.call "SquareSum" {count = 128 : i64}(%arg1) workspace
  %s = graph.square_sum %g : (tensor<64x2xf32>) -> tensor<f64>
  // CHECK: %[[T:.*]] = rt.call "AddScalars" {}(%[[S]], %[[S]], %[[S]])
  %t = graph.add_scalars %s, %s, %s : (tensor<f64>, tensor<f64>, tensor<f64>) -> tensor<f64>
  // CHECK: %[[F:.*]] = rt.call "ClipFactor" {maximum = 1.000000e+00 : f64}(%[[T]])
  %f = graph.clip_factor %t {maximum = 1.0} : (tensor<f64>) -> tensor<f32>
  // CHECK: rt.call "AdamW" {beta1 = {{.*}}, beta2 = {{.*}}, count = 128 : i64, epsilon = {{.*}}, weightDecay = {{.*}}}(%arg0, %arg1, %arg2, %arg3, %arg0, %arg0, %[[F]])
  %n:3 = graph.adamw %w, %g, %lr, %state, %w, %w, %f {beta1 = 0.9, beta2 = 0.999, epsilon = 1.0e-8, weight_decay = 0.1}
       : (tensor<64x2xf32>, tensor<64x2xf32>, tensor<f32>, tensor<2xi64>, tensor<64x2xf32>, tensor<64x2xf32>, tensor<f32>)
       -> (tensor<64x2xf32>, tensor<64x2xf32>, tensor<64x2xf32>)
  return
}
