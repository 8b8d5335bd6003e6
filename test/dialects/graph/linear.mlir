// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// CHECK-LABEL: func @linear
func.func @linear(%x: tensor<8x512xf32>, %w: tensor<10x512xf32>, %b: tensor<10xf32>) {
  // CHECK: graph.linear %{{.*}}, %{{.*}} : (tensor<8x512xf32>, tensor<10x512xf32>) -> tensor<8x10xf32>
  %y = graph.linear %x, %w : (tensor<8x512xf32>, tensor<10x512xf32>) -> tensor<8x10xf32>
  // CHECK: graph.bias_add {{.*}} -> tensor<8x10xf32>
  %z = graph.bias_add %y, %b : (tensor<8x10xf32>, tensor<10xf32>) -> tensor<8x10xf32>
  // CHECK: graph.linear_input_grad {{.*}} -> tensor<8x512xf32>
  %dx = graph.linear_input_grad %z, %w : (tensor<8x10xf32>, tensor<10x512xf32>) -> tensor<8x512xf32>
  // CHECK: graph.linear_weight_grad {{.*}} -> tensor<10x512xf32>
  %dw = graph.linear_weight_grad %x, %z : (tensor<8x512xf32>, tensor<8x10xf32>) -> tensor<10x512xf32>
  // CHECK: graph.bias_grad {{.*}} -> tensor<10xf32>
  %db = graph.bias_grad %z : (tensor<8x10xf32>) -> tensor<10xf32>
  return
}
