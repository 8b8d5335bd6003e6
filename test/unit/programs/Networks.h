// Small networks for the tests: every kind of layer and operation, sizes that meshes of two
// divide and sizes that none does.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_NETWORKS_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_NETWORKS_H

namespace autopar {

struct Network {
  const char *name;
  const char *text;
  int classes;
};

/// A residual block between a stem with a max pool and a fully connected layer.
inline constexpr Network residual = {"residual", R"(
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, momentum = 0.9, weight_decay = 0.01>} {
  func.func @model(%images: tensor<8x4x4x8xf32> {graph.input = "images"}, %labels: tensor<8xi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}) {
    %w1 = graph.variable parameter "conv1.weight" : tensor<8x8x3x3xf32> = #graph.normal<1.0>
    %c1 = graph.conv2d %images, %w1 {padding = array<i64: 1, 1, 1, 1>}
        : (tensor<8x4x4x8xf32>, tensor<8x8x3x3xf32>) -> tensor<8x4x4x8xf32> loc("conv1")
    %g1 = graph.variable parameter "bn1.weight" : tensor<8xf32> = #graph.constant<1.0>
    %b1 = graph.variable parameter "bn1.bias" : tensor<8xf32> = #graph.constant<0.0>
    %m1 = graph.variable state "bn1.running_mean" : tensor<8xf32> = #graph.constant<0.0>
    %v1 = graph.variable state "bn1.running_var" : tensor<8xf32> = #graph.constant<1.0>
    %n1 = graph.batch_norm %c1, %g1, %b1, %m1, %v1
        : (tensor<8x4x4x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<8x4x4x8xf32> loc("bn1")
    %r1 = graph.relu %n1 : (tensor<8x4x4x8xf32>) -> tensor<8x4x4x8xf32> loc("relu1")
    %p1, %i1 = graph.max_pool %r1 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>}
        : (tensor<8x4x4x8xf32>) -> (tensor<8x2x2x8xf32>, tensor<8x2x2x8xi8>) loc("pool")
    %w2 = graph.variable parameter "conv2.weight" : tensor<8x8x1x1xf32> = #graph.normal<1.0>
    %c2 = graph.conv2d %p1, %w2 : (tensor<8x2x2x8xf32>, tensor<8x8x1x1xf32>) -> tensor<8x2x2x8xf32> loc("conv2")
    %g2 = graph.variable parameter "bn2.weight" : tensor<8xf32> = #graph.constant<1.0>
    %b2 = graph.variable parameter "bn2.bias" : tensor<8xf32> = #graph.constant<0.0>
    %m2 = graph.variable state "bn2.running_mean" : tensor<8xf32> = #graph.constant<0.0>
    %v2 = graph.variable state "bn2.running_var" : tensor<8xf32> = #graph.constant<1.0>
    %n2 = graph.batch_norm %c2, %g2, %b2, %m2, %v2
        : (tensor<8x2x2x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<8x2x2x8xf32> loc("bn2")
    %s = graph.add %n2, %p1 : (tensor<8x2x2x8xf32>, tensor<8x2x2x8xf32>) -> tensor<8x2x2x8xf32> loc("add")
    %r2 = graph.relu %s : (tensor<8x2x2x8xf32>) -> tensor<8x2x2x8xf32> loc("relu2")
    %a = graph.global_avg_pool %r2 : (tensor<8x2x2x8xf32>) -> tensor<8x8xf32> loc("avgpool")
    %w3 = graph.variable parameter "fc.weight" : tensor<16x8xf32> = #graph.uniform<1.0>
    %y = graph.linear %a, %w3 : (tensor<8x8xf32>, tensor<16x8xf32>) -> tensor<8x16xf32> loc("fc.matmul")
    %b3 = graph.variable parameter "fc.bias" : tensor<16xf32> = #graph.uniform<1.0>
    %z = graph.bias_add %y, %b3 : (tensor<8x16xf32>, tensor<16xf32>) -> tensor<8x16xf32> loc("fc")
    %loss = graph.softmax_cross_entropy %z, %labels {count = 8 : i64, label_smoothing = 0.1}
        : (tensor<8x16xf32>, tensor<8xi32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
})",
                                     16};

/// A ResNet's bottleneck: convolutions of 16 channels, each behind the norm of the one before.
inline constexpr Network bottleneck = {"bottleneck", R"(
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, momentum = 0.9, dampening = 0.5>} {
  func.func @model(%images: tensor<4x4x4x16xf32> {graph.input = "images"}, %labels: tensor<4xi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}) {
    %w1 = graph.variable parameter "conv1.weight" : tensor<16x16x1x1xf32> = #graph.normal<1.0>
    %c1 = graph.conv2d %images, %w1
        : (tensor<4x4x4x16xf32>, tensor<16x16x1x1xf32>) -> tensor<4x4x4x16xf32> loc("conv1")
    %g1 = graph.variable parameter "bn1.weight" : tensor<16xf32> = #graph.constant<1.0>
    %b1 = graph.variable parameter "bn1.bias" : tensor<16xf32> = #graph.constant<0.0>
    %m1 = graph.variable state "bn1.running_mean" : tensor<16xf32> = #graph.constant<0.0>
    %v1 = graph.variable state "bn1.running_var" : tensor<16xf32> = #graph.constant<1.0>
    %n1 = graph.batch_norm %c1, %g1, %b1, %m1, %v1
        : (tensor<4x4x4x16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<4x4x4x16xf32> loc("bn1")
    %r1 = graph.relu %n1 : (tensor<4x4x4x16xf32>) -> tensor<4x4x4x16xf32> loc("relu1")
    %w2 = graph.variable parameter "conv2.weight" : tensor<16x16x3x3xf32> = #graph.normal<1.0>
    %c2 = graph.conv2d %r1, %w2 {padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>}
        : (tensor<4x4x4x16xf32>, tensor<16x16x3x3xf32>) -> tensor<4x2x2x16xf32> loc("conv2")
    %g2 = graph.variable parameter "bn2.weight" : tensor<16xf32> = #graph.constant<1.0>
    %b2 = graph.variable parameter "bn2.bias" : tensor<16xf32> = #graph.constant<0.0>
    %m2 = graph.variable state "bn2.running_mean" : tensor<16xf32> = #graph.constant<0.0>
    %v2 = graph.variable state "bn2.running_var" : tensor<16xf32> = #graph.constant<1.0>
    %n2 = graph.batch_norm %c2, %g2, %b2, %m2, %v2
        : (tensor<4x2x2x16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<4x2x2x16xf32> loc("bn2")
    %r2 = graph.relu %n2 : (tensor<4x2x2x16xf32>) -> tensor<4x2x2x16xf32> loc("relu2")
    %w3 = graph.variable parameter "conv3.weight" : tensor<16x16x1x1xf32> = #graph.normal<1.0>
    %c3 = graph.conv2d %r2, %w3
        : (tensor<4x2x2x16xf32>, tensor<16x16x1x1xf32>) -> tensor<4x2x2x16xf32> loc("conv3")
    %g3 = graph.variable parameter "bn3.weight" : tensor<16xf32> = #graph.constant<1.0>
    %b3 = graph.variable parameter "bn3.bias" : tensor<16xf32> = #graph.constant<0.0>
    %m3 = graph.variable state "bn3.running_mean" : tensor<16xf32> = #graph.constant<0.0>
    %v3 = graph.variable state "bn3.running_var" : tensor<16xf32> = #graph.constant<1.0>
    %n3 = graph.batch_norm %c3, %g3, %b3, %m3, %v3
        : (tensor<4x2x2x16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<4x2x2x16xf32> loc("bn3")
    %w4 = graph.variable parameter "downsample.weight" : tensor<16x16x1x1xf32> = #graph.normal<1.0>
    %d = graph.conv2d %images, %w4 {strides = array<i64: 2, 2>}
        : (tensor<4x4x4x16xf32>, tensor<16x16x1x1xf32>) -> tensor<4x2x2x16xf32> loc("downsample")
    %s = graph.add %n3, %d : (tensor<4x2x2x16xf32>, tensor<4x2x2x16xf32>) -> tensor<4x2x2x16xf32> loc("add")
    %r3 = graph.relu %s : (tensor<4x2x2x16xf32>) -> tensor<4x2x2x16xf32> loc("relu3")
    %a = graph.global_avg_pool %r3 : (tensor<4x2x2x16xf32>) -> tensor<4x16xf32> loc("avgpool")
    %loss = graph.softmax_cross_entropy %a, %labels {count = 4 : i64}
        : (tensor<4x16xf32>, tensor<4xi32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
})",
                                       16};

/// Grouped convolutions, an average pool, no batch norm, two linear layers and no momentum. A
/// parameter that nothing reads in the backward pass, and one that is read twice.
inline constexpr Network grouped = {"grouped", R"(
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1>} {
  func.func @model(%images: tensor<4x4x4x4xf32> {graph.input = "images"}, %labels: tensor<4xi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}) {
    %w1 = graph.variable parameter "conv1.weight" : tensor<8x1x3x3xf32> = #graph.normal<1.0>
    %c1 = graph.conv2d %images, %w1 {padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>, groups = 4 : i64}
        : (tensor<4x4x4x4xf32>, tensor<8x1x3x3xf32>) -> tensor<4x2x2x8xf32> loc("conv1")
    %r1 = graph.relu %c1 : (tensor<4x2x2x8xf32>) -> tensor<4x2x2x8xf32> loc("relu1")
    %w2 = graph.variable parameter "conv2.weight" : tensor<8x4x1x1xf32> = #graph.normal<1.0>
    %c2 = graph.conv2d %r1, %w2 {groups = 2 : i64} : (tensor<4x2x2x8xf32>, tensor<8x4x1x1xf32>) -> tensor<4x2x2x8xf32> loc("conv2")
    %c3 = graph.conv2d %c2, %w2 {groups = 2 : i64} : (tensor<4x2x2x8xf32>, tensor<8x4x1x1xf32>) -> tensor<4x2x2x8xf32> loc("conv3")
    %p = graph.avg_pool %c3 {kernel = array<i64: 2, 2>, padding = array<i64: 1, 1, 0, 0>, count_include_pad = false}
       : (tensor<4x2x2x8xf32>) -> tensor<4x2x2x8xf32> loc("pool")
    %f = graph.flatten %p : (tensor<4x2x2x8xf32>) -> tensor<4x32xf32> loc("flatten")
    %w4 = graph.variable parameter "fc1.weight" : tensor<8x32xf32> = #graph.uniform<1.0>
    %h = graph.linear %f, %w4 : (tensor<4x32xf32>, tensor<8x32xf32>) -> tensor<4x8xf32> loc("fc1")
    %r2 = graph.relu %h : (tensor<4x8xf32>) -> tensor<4x8xf32> loc("relu2")
    %w5 = graph.variable parameter "fc2.weight" : tensor<6x8xf32> = #graph.uniform<1.0>
    %y = graph.linear %r2, %w5 : (tensor<4x8xf32>, tensor<6x8xf32>) -> tensor<4x6xf32> loc("fc2")
    %loss = graph.softmax_cross_entropy %y, %labels {count = 4 : i64} : (tensor<4x6xf32>, tensor<4xi32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
})",
                                    6};

/// A batch of 3, 6 channels and 5 classes: no even axis divides the batch or the classes.
inline constexpr Network indivisible = {"indivisible", R"(
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, momentum = 0.9, nesterov = true>} {
  func.func @model(%images: tensor<3x2x2x3xf32> {graph.input = "images"}, %labels: tensor<3xi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}) {
    %w1 = graph.variable parameter "conv1.weight" : tensor<6x3x3x3xf32> = #graph.normal<1.0>
    %c1 = graph.conv2d %images, %w1 {padding = array<i64: 1, 1, 1, 1>}
        : (tensor<3x2x2x3xf32>, tensor<6x3x3x3xf32>) -> tensor<3x2x2x6xf32> loc("conv1")
    %g1 = graph.variable parameter "bn1.weight" : tensor<6xf32> = #graph.constant<1.0>
    %b1 = graph.variable parameter "bn1.bias" : tensor<6xf32> = #graph.constant<0.0>
    %m1 = graph.variable state "bn1.running_mean" : tensor<6xf32> = #graph.constant<0.0>
    %v1 = graph.variable state "bn1.running_var" : tensor<6xf32> = #graph.constant<1.0>
    %n1 = graph.batch_norm %c1, %g1, %b1, %m1, %v1
        : (tensor<3x2x2x6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<3x2x2x6xf32> loc("bn1")
    %r1 = graph.relu %n1 : (tensor<3x2x2x6xf32>) -> tensor<3x2x2x6xf32> loc("relu1")
    %f = graph.flatten %r1 : (tensor<3x2x2x6xf32>) -> tensor<3x24xf32> loc("flatten")
    %w2 = graph.variable parameter "fc.weight" : tensor<5x24xf32> = #graph.uniform<1.0>
    %y = graph.linear %f, %w2 : (tensor<3x24xf32>, tensor<5x24xf32>) -> tensor<3x5xf32> loc("fc.matmul")
    %b2 = graph.variable parameter "fc.bias" : tensor<5xf32> = #graph.uniform<1.0>
    %z = graph.bias_add %y, %b2 : (tensor<3x5xf32>, tensor<5xf32>) -> tensor<3x5xf32> loc("fc")
    %loss = graph.softmax_cross_entropy %z, %labels {count = 3 : i64} : (tensor<3x5xf32>, tensor<3xi32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
})",
                                        5};

/// A GPT-2 of one layer: tied and padded vocabulary, a position table longer than the sequence,
/// dropout everywhere, AdamW with clipping.
inline constexpr Network transformer = {"transformer", R"(
module attributes {graph.optimizer = #graph.adamw<learning_rate = 0.1, weight_decay = 0.1, clip = 0.5>} {
  func.func @model(%tokens: tensor<4x4xi32> {graph.input = "tokens"}, %labels: tensor<4x4xi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}) {
    %wte = graph.variable parameter "wte.weight" : tensor<12x8xf32> = #graph.normal<1.0> {stored = array<i64: 10, 8>}
    %e = graph.embedding %tokens, %wte : (tensor<4x4xi32>, tensor<12x8xf32>) -> tensor<4x4x8xf32> loc("wte")
    %wpe = graph.variable parameter "wpe.weight" : tensor<6x8xf32> = #graph.normal<1.0>
    %p = graph.slice %wpe {dim = 0 : i64, begin = 0 : i64, length = 4 : i64} : (tensor<6x8xf32>) -> tensor<4x8xf32> loc("wpe")
    %x = graph.bias_add %e, %p : (tensor<4x4x8xf32>, tensor<4x8xf32>) -> tensor<4x4x8xf32> loc("x")
    %x0 = graph.dropout %x {rate = 0.25} : (tensor<4x4x8xf32>) -> tensor<4x4x8xf32> loc("drop")
    %g1 = graph.variable parameter "ln_1.weight" : tensor<8xf32> = #graph.constant<1.0>
    %b1 = graph.variable parameter "ln_1.bias" : tensor<8xf32> = #graph.constant<0.0>
    %n1, %m1, %s1 = graph.layer_norm %x0, %g1, %b1 : (tensor<4x4x8xf32>, tensor<8xf32>, tensor<8xf32>)
        -> (tensor<4x4x8xf32>, tensor<4x4xf32>, tensor<4x4xf32>) loc("ln_1")
    %wa = graph.variable parameter "c_attn.weight" : tensor<8x3x2x4xf32> = #graph.normal<1.0> {stored = array<i64: 8, 24>}
    %a0 = graph.einsum "btc,cqhd->btqhd" %n1, %wa : (tensor<4x4x8xf32>, tensor<8x3x2x4xf32>) -> tensor<4x4x3x2x4xf32> loc("c_attn.matmul")
    %ba = graph.variable parameter "c_attn.bias" : tensor<3x2x4xf32> = #graph.constant<0.0> {stored = array<i64: 24>}
    %a1 = graph.bias_add %a0, %ba : (tensor<4x4x3x2x4xf32>, tensor<3x2x4xf32>) -> tensor<4x4x3x2x4xf32> loc("c_attn")
    %a2, %lse = graph.attention %a1 {causal, dropout = 0.25} : (tensor<4x4x3x2x4xf32>) -> (tensor<4x4x2x4xf32>, tensor<4x2x4xf32>) loc("attn")
    %wp = graph.variable parameter "c_proj.weight" : tensor<2x4x8xf32> = #graph.normal<1.0> {stored = array<i64: 8, 8>}
    %a3 = graph.einsum "bthd,hdc->btc" %a2, %wp : (tensor<4x4x2x4xf32>, tensor<2x4x8xf32>) -> tensor<4x4x8xf32> loc("c_proj")
    %x1 = graph.add %x0, %a3 : (tensor<4x4x8xf32>, tensor<4x4x8xf32>) -> tensor<4x4x8xf32> loc("add")
    %wf = graph.variable parameter "c_fc.weight" : tensor<8x16xf32> = #graph.normal<1.0>
    %f0 = graph.einsum "btc,cf->btf" %x1, %wf : (tensor<4x4x8xf32>, tensor<8x16xf32>) -> tensor<4x4x16xf32> loc("c_fc")
    %f1 = graph.gelu %f0 {approximate = "tanh"} : (tensor<4x4x16xf32>) -> tensor<4x4x16xf32> loc("act")
    %wm = graph.variable parameter "c_mlp.weight" : tensor<16x8xf32> = #graph.normal<1.0>
    %f2 = graph.einsum "btf,fc->btc" %f1, %wm : (tensor<4x4x16xf32>, tensor<16x8xf32>) -> tensor<4x4x8xf32> loc("c_mlp")
    %x2 = graph.add %x1, %f2 : (tensor<4x4x8xf32>, tensor<4x4x8xf32>) -> tensor<4x4x8xf32> loc("add_1")
    // Small, so that the logits' exponentials stay within a double's precision of each other.
    %x3 = graph.scale %x2 {factor = 0.1} : (tensor<4x4x8xf32>) -> tensor<4x4x8xf32> loc("scale")
    %y = graph.einsum "btc,vc->btv" %x3, %wte : (tensor<4x4x8xf32>, tensor<12x8xf32>) -> tensor<4x4x12xf32> loc("lm_head")
    %loss = graph.language_loss %y, %labels {count = 16 : i64, valid = 10 : i64} : (tensor<4x4x12xf32>, tensor<4x4xi32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
})",
                                        10};

/// Attention written out over slices, changes of shape on the way, AdamW without clipping.
inline constexpr Network written = {"written", R"(
module attributes {graph.optimizer = #graph.adamw<learning_rate = 0.1>} {
  func.func @model(%tokens: tensor<4x4xi32> {graph.input = "tokens"}, %labels: tensor<4x4xi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}) {
    %wte = graph.variable parameter "wte.weight" : tensor<8x8xf32> = #graph.normal<1.0>
    %e = graph.embedding %tokens, %wte : (tensor<4x4xi32>, tensor<8x8xf32>) -> tensor<4x4x8xf32> loc("wte")
    %w = graph.variable parameter "qkv.weight" : tensor<8x24xf32> = #graph.normal<1.0>
    %a = graph.einsum "btc,cj->btj" %e, %w : (tensor<4x4x8xf32>, tensor<8x24xf32>) -> tensor<4x4x24xf32> loc("qkv")
    %q0 = graph.slice %a {dim = 2 : i64, begin = 0 : i64, length = 8 : i64} : (tensor<4x4x24xf32>) -> tensor<4x4x8xf32> loc("q0")
    %k0 = graph.slice %a {dim = 2 : i64, begin = 8 : i64, length = 8 : i64} : (tensor<4x4x24xf32>) -> tensor<4x4x8xf32> loc("k0")
    %v0 = graph.slice %a {dim = 2 : i64, begin = 16 : i64, length = 8 : i64} : (tensor<4x4x24xf32>) -> tensor<4x4x8xf32> loc("v0")
    %q1 = graph.reshape %q0 : (tensor<4x4x8xf32>) -> tensor<4x4x2x4xf32> loc("q1")
    %k1 = graph.reshape %k0 : (tensor<4x4x8xf32>) -> tensor<4x4x2x4xf32> loc("k1")
    %v1 = graph.reshape %v0 : (tensor<4x4x8xf32>) -> tensor<4x4x2x4xf32> loc("v1")
    %q = graph.transpose %q1 {permutation = array<i64: 0, 2, 1, 3>} : (tensor<4x4x2x4xf32>) -> tensor<4x2x4x4xf32> loc("q")
    %k = graph.transpose %k1 {permutation = array<i64: 0, 2, 1, 3>} : (tensor<4x4x2x4xf32>) -> tensor<4x2x4x4xf32> loc("k")
    %s0 = graph.einsum "bhtd,bhsd->bhts" %q, %k : (tensor<4x2x4x4xf32>, tensor<4x2x4x4xf32>) -> tensor<4x2x4x4xf32> loc("scores")
    %s1 = graph.scale %s0 {factor = 0.5} : (tensor<4x2x4x4xf32>) -> tensor<4x2x4x4xf32> loc("scaled")
    %p = graph.softmax %s1 {causal} : (tensor<4x2x4x4xf32>) -> tensor<4x2x4x4xf32> loc("softmax")
    %d = graph.dropout %p {rate = 0.25} : (tensor<4x2x4x4xf32>) -> tensor<4x2x4x4xf32> loc("drop")
    %y0 = graph.einsum "bhts,bshd->bthd" %d, %v1 : (tensor<4x2x4x4xf32>, tensor<4x4x2x4xf32>) -> tensor<4x4x2x4xf32> loc("y0")
    %y1 = graph.reshape %y0 : (tensor<4x4x2x4xf32>) -> tensor<16x8xf32> loc("y1")
    %y2 = graph.softmax %y1 : (tensor<16x8xf32>) -> tensor<16x8xf32> loc("y2")
    %y3 = graph.concat %y1, %y2 {dim = 1 : i64} : (tensor<16x8xf32>, tensor<16x8xf32>) -> tensor<16x16xf32> loc("y3")
    %y4 = graph.gelu %y3 : (tensor<16x16xf32>) -> tensor<16x16xf32> loc("y4")
    %y5 = graph.pad %y4 {dim = 1 : i64, begin = 1 : i64, whole = 18 : i64} : (tensor<16x16xf32>) -> tensor<16x18xf32> loc("y5")
    %y6 = graph.reshape %y5 : (tensor<16x18xf32>) -> tensor<4x4x18xf32> loc("y6")
    %loss = graph.language_loss %y6, %labels {count = 16 : i64, valid = 18 : i64} : (tensor<4x4x18xf32>, tensor<4x4xi32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
})",
                                    8};

/// Squeeze-excite, an RMS norm, a layer scale, stochastic depth and other things that networks
/// are written with, element by element and over dimensions.
inline constexpr Network elements = {"elements", R"(
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, momentum = 0.9>} {
  func.func @model(%images: tensor<4x2x2x8xf32> {graph.input = "images"}, %labels: tensor<4xi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}) {
    %w1 = graph.variable parameter "conv.weight" : tensor<8x8x1x1xf32> = #graph.normal<1.0>
    %c = graph.conv2d %images, %w1 : (tensor<4x2x2x8xf32>, tensor<8x8x1x1xf32>) -> tensor<4x2x2x8xf32> loc("conv")
    %h = graph.hardswish %c : (tensor<4x2x2x8xf32>) -> tensor<4x2x2x8xf32> loc("hardswish")
    %s = graph.sum %h {dims = array<i64: 1, 2>} : (tensor<4x2x2x8xf32>) -> tensor<4x1x1x8xf32> loc("squeeze")
    %m = graph.scale %s {factor = 0.25} : (tensor<4x1x1x8xf32>) -> tensor<4x1x1x8xf32> loc("mean")
    %g = graph.sigmoid %m : (tensor<4x1x1x8xf32>) -> tensor<4x1x1x8xf32> loc("gate")
    %e = graph.expand %g : (tensor<4x1x1x8xf32>) -> tensor<4x2x2x8xf32> loc("gates")
    %x = graph.mul %h, %e : (tensor<4x2x2x8xf32>, tensor<4x2x2x8xf32>) -> tensor<4x2x2x8xf32> loc("excite")

    %q = graph.power %x {exponent = 2.0} : (tensor<4x2x2x8xf32>) -> tensor<4x2x2x8xf32> loc("squares")
    %v = graph.sum %q {dims = array<i64: 3>} : (tensor<4x2x2x8xf32>) -> tensor<4x2x2x1xf32> loc("norm.sum")
    %u = graph.scale %v {factor = 0.125} : (tensor<4x2x2x1xf32>) -> tensor<4x2x2x1xf32> loc("norm.mean")
    %t = graph.shift %u {term = 0.01} : (tensor<4x2x2x1xf32>) -> tensor<4x2x2x1xf32> loc("norm.shift")
    %r = graph.rsqrt %t : (tensor<4x2x2x1xf32>) -> tensor<4x2x2x1xf32> loc("norm.rsqrt")
    %re = graph.expand %r : (tensor<4x2x2x1xf32>) -> tensor<4x2x2x8xf32> loc("norm.expand")
    %n = graph.mul %x, %re : (tensor<4x2x2x8xf32>, tensor<4x2x2x8xf32>) -> tensor<4x2x2x8xf32> loc("norm")

    %w2 = graph.variable parameter "layer_scale" : tensor<8xf32> = #graph.normal<1.0>
    %w3 = graph.reshape %w2 : (tensor<8xf32>) -> tensor<1x1x1x8xf32> loc("layer_scale.view")
    %w4 = graph.expand %w3 : (tensor<1x1x1x8xf32>) -> tensor<4x2x2x8xf32> loc("layer_scale.expand")
    %l = graph.mul %n, %w4 : (tensor<4x2x2x8xf32>, tensor<4x2x2x8xf32>) -> tensor<4x2x2x8xf32> loc("scaled")
    %one = graph.fill {value = 1.0} : () -> tensor<4x1x1x1xf32> loc("ones")
    %d = graph.dropout %one {rate = 0.25} : (tensor<4x1x1x1xf32>) -> tensor<4x1x1x1xf32> loc("survivors")
    %de = graph.expand %d : (tensor<4x1x1x1xf32>) -> tensor<4x2x2x8xf32> loc("survivors.expand")
    %k = graph.mul %l, %de : (tensor<4x2x2x8xf32>, tensor<4x2x2x8xf32>) -> tensor<4x2x2x8xf32> loc("depth")
    %a = graph.add %k, %c : (tensor<4x2x2x8xf32>, tensor<4x2x2x8xf32>) -> tensor<4x2x2x8xf32> loc("residual")

    %th = graph.tanh %a : (tensor<4x2x2x8xf32>) -> tensor<4x2x2x8xf32> loc("tanh")
    %el = graph.elu %n {alpha = 1.0} : (tensor<4x2x2x8xf32>) -> tensor<4x2x2x8xf32> loc("elu")
    %mx = graph.maximum %th, %el : (tensor<4x2x2x8xf32>, tensor<4x2x2x8xf32>) -> tensor<4x2x2x8xf32> loc("maximum")
    %sp = graph.softplus %a : (tensor<4x2x2x8xf32>) -> tensor<4x2x2x8xf32> loc("softplus")
    %sh = graph.shift %sp {term = 1.0} : (tensor<4x2x2x8xf32>) -> tensor<4x2x2x8xf32> loc("denominator")
    %di = graph.div %mx, %sh : (tensor<4x2x2x8xf32>, tensor<4x2x2x8xf32>) -> tensor<4x2x2x8xf32> loc("div")
    %cl = graph.clamp %n {low = -1.0, high = 1.0} : (tensor<4x2x2x8xf32>) -> tensor<4x2x2x8xf32> loc("clamp")
    %su = graph.sub %di, %cl : (tensor<4x2x2x8xf32>, tensor<4x2x2x8xf32>) -> tensor<4x2x2x8xf32> loc("sub")
    %lg = graph.max %su {dims = array<i64: 1, 2>} : (tensor<4x2x2x8xf32>) -> tensor<4x1x1x8xf32> loc("largest")
    %f = graph.flatten %lg : (tensor<4x1x1x8xf32>) -> tensor<4x8xf32> loc("flatten")
    %loss = graph.softmax_cross_entropy %f, %labels {count = 4 : i64} : (tensor<4x8xf32>, tensor<4xi32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
})",
                                     8};

/// A transposed convolution, and a loss of two heads: the mean over labels that are kept, and part
/// of another one's sum.
inline constexpr Network severalLosses = {"several_losses", R"(
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, momentum = 0.9>} {
  func.func @model(%images: tensor<8x3x3x4xf32> {graph.input = "images"}, %labels: tensor<8xi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}) {
    %w1 = graph.variable parameter "up.weight" : tensor<4x8x3x3xf32> = #graph.normal<1.0>
    %x1 = graph.conv2d_input_grad %images, %w1 {strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 1, 1>}
        : (tensor<8x3x3x4xf32>, tensor<4x8x3x3xf32>) -> tensor<8x6x6x8xf32> loc("up")
    %x2 = graph.silu %x1 : (tensor<8x6x6x8xf32>) -> tensor<8x6x6x8xf32> loc("act")
    %w2 = graph.variable parameter "grouped.weight" : tensor<8x2x2x2xf32> = #graph.normal<1.0>
    %x3 = graph.conv2d_input_grad %x2, %w2 {groups = 2 : i64}
        : (tensor<8x6x6x8xf32>, tensor<8x2x2x2xf32>) -> tensor<8x7x7x4xf32> loc("grouped")
    %a = graph.global_avg_pool %x3 : (tensor<8x7x7x4xf32>) -> tensor<8x4xf32> loc("pool")
    %w3 = graph.variable parameter "main.weight" : tensor<6x4xf32> = #graph.normal<1.0>
    %y = graph.linear %a, %w3 : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32> loc("main")
    %w4 = graph.variable parameter "aux.weight" : tensor<6x4xf32> = #graph.normal<1.0>
    %z = graph.linear %a, %w4 : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32> loc("aux")
    %s = graph.softmax_cross_entropy %y, %labels {count = 1 : i64} : (tensor<8x6xf32>, tensor<8xi32>) -> tensor<f32> loc("sum")
    %n = graph.count_kept %labels : (tensor<8xi32>) -> tensor<f32> loc("kept")
    %m = graph.div %s, %n : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("mean")
    %t = graph.softmax_cross_entropy %z, %labels {count = 8 : i64, label_smoothing = 0.1} : (tensor<8x6xf32>, tensor<8xi32>) -> tensor<f32> loc("aux_loss")
    %u = graph.scale %t {factor = 0.4} : (tensor<f32>) -> tensor<f32> loc("share")
    %v = graph.add %m, %u : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("both")
    %loss = graph.loss %v : (tensor<f32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
})",
                                           6};

/// A language model that is given tokens alone: each token's label is the one behind it.
inline constexpr Network shifted = {"shifted", R"(
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1>} {
  func.func @model(%tokens: tensor<4x4xi32> {graph.input = "tokens"}) -> (tensor<f32> {graph.output = "loss"}) {
    %wte = graph.variable parameter "wte.weight" : tensor<8x8xf32> = #graph.normal<1.0>
    %e = graph.embedding %tokens, %wte : (tensor<4x4xi32>, tensor<8x8xf32>) -> tensor<4x4x8xf32> loc("wte")
    %w = graph.variable parameter "fc.weight" : tensor<8x8xf32> = #graph.normal<1.0>
    %h = graph.einsum "btc,cj->btj" %e, %w : (tensor<4x4x8xf32>, tensor<8x8xf32>) -> tensor<4x4x8xf32> loc("fc")
    %y = graph.einsum "btc,vc->btv" %h, %wte : (tensor<4x4x8xf32>, tensor<8x8xf32>) -> tensor<4x4x8xf32> loc("lm_head")
    %l0 = graph.slice %tokens {dim = 1 : i64, begin = 1 : i64, length = 3 : i64} : (tensor<4x4xi32>) -> tensor<4x3xi32> loc("behind")
    %l1 = graph.pad %l0 {dim = 1 : i64, begin = 0 : i64, whole = 4 : i64, value = -100.0} : (tensor<4x3xi32>) -> tensor<4x4xi32> loc("shifted")
    %s = graph.language_loss %y, %l1 {count = 1 : i64, valid = 8 : i64} : (tensor<4x4x8xf32>, tensor<4x4xi32>) -> tensor<f32> loc("sum")
    %n = graph.count_kept %l1 : (tensor<4x4xi32>) -> tensor<f32> loc("kept")
    %m = graph.div %s, %n : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("mean")
    %loss = graph.loss %m : (tensor<f32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
})",
                                    8};

} // namespace autopar

#endif
