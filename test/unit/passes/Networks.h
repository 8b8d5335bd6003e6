// Small networks for the tests: every kind of layer, sizes that meshes of two divide and sizes
// that none does.
#ifndef AUTOPAR_TEST_UNIT_PASSES_NETWORKS_H
#define AUTOPAR_TEST_UNIT_PASSES_NETWORKS_H

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

} // namespace autopar

#endif
