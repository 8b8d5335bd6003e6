// What leads to a computed loss element by element, and to nothing else, stays f32: differences are
// taken of the f32 images, not of rounded ones, and the sum of their squares has all its digits.
//
// RUN: autopar-opt %s --autopar-set-precision=precision=bf16 --mlir-use-nameloc-as-prefix | FileCheck %s

// CHECK:      %images.cast = graph.cast %images : (tensor<8x4x4x8xf32>) -> tensor<8x4x4x8xbf16>
// CHECK:      %conv = graph.conv2d %images.cast, {{.*}} -> tensor<8x4x4x8xbf16>
// CHECK-NEXT: %conv.cast = graph.cast %conv : (tensor<8x4x4x8xbf16>) -> tensor<8x4x4x8xf32>
// CHECK:      %d = graph.sub %conv.cast, %images : (tensor<8x4x4x8xf32>
// CHECK:      graph.mul %d, %d : (tensor<8x4x4x8xf32>
// CHECK:      graph.sum {{.*}} : (tensor<8x4x4x8xf32>) -> tensor<1x1x1x1xf32>
// What another layer reads is rounded all the same.
// CHECK:      %relu = graph.relu %conv : (tensor<8x4x4x8xbf16>)
// CHECK:      graph.softmax_cross_entropy %{{.*}}, %labels {{.*}} : (tensor<8x8xbf16>, tensor<8xi32>) -> tensor<f32>
// CHECK:      graph.add {{.*}} -> tensor<f32>
// CHECK-NOT:  graph.cast
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1>} {
  func.func @model(%images: tensor<8x4x4x8xf32> {graph.input = "images"} loc("images"), %labels: tensor<8xi32> {graph.input = "labels"} loc("labels")) -> tensor<f32> {
    %w = graph.variable parameter "w" : tensor<8x8x1x1xf32> = #graph.constant<0.5>
    %conv = graph.conv2d %images, %w : (tensor<8x4x4x8xf32>, tensor<8x8x1x1xf32>) -> tensor<8x4x4x8xf32> loc("conv")
    %d = graph.sub %conv, %images : (tensor<8x4x4x8xf32>, tensor<8x4x4x8xf32>) -> tensor<8x4x4x8xf32> loc("d")
    %q = graph.mul %d, %d : (tensor<8x4x4x8xf32>, tensor<8x4x4x8xf32>) -> tensor<8x4x4x8xf32>
    %s = graph.sum %q {dims = array<i64: 0, 1, 2, 3>} : (tensor<8x4x4x8xf32>) -> tensor<1x1x1x1xf32>
    %n = graph.reshape %s : (tensor<1x1x1x1xf32>) -> tensor<f32>
    %m = graph.scale %n {factor = 0.0009765625} : (tensor<f32>) -> tensor<f32>
    %relu = graph.relu %conv : (tensor<8x4x4x8xf32>) -> tensor<8x4x4x8xf32> loc("relu")
    %p = graph.global_avg_pool %relu : (tensor<8x4x4x8xf32>) -> tensor<8x8xf32>
    %c = graph.softmax_cross_entropy %p, %labels {count = 8 : i64} : (tensor<8x8xf32>, tensor<8xi32>) -> tensor<f32>
    %b = graph.add %m, %c : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %loss = graph.loss %b : (tensor<f32>) -> tensor<f32>
    return %loss : tensor<f32>
  }
}
