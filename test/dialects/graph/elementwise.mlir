// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// CHECK-LABEL: func @any_rank
func.func @any_rank(%image: tensor<8x32x32x64xf32>, %scalar: tensor<f32>) {
  // CHECK: graph.relu %{{.*}} : (tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
  %y = graph.relu %image : (tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
  // CHECK: graph.relu_grad %{{.*}}, %{{.*}} : (tensor<8x32x32x64xf32>, tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
  %dx = graph.relu_grad %image, %y
      : (tensor<8x32x32x64xf32>, tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
  // CHECK: graph.silu %{{.*}} : (tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
  %s = graph.silu %image : (tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
  // CHECK: graph.silu_grad %{{.*}}, %{{.*}} : (tensor<8x32x32x64xf32>, tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
  %ds = graph.silu_grad %s, %image
      : (tensor<8x32x32x64xf32>, tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
  // CHECK: graph.add %{{.*}}, %{{.*}} : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %z = graph.add %scalar, %scalar : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return
}
