// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// The exact form is not written.
// CHECK-LABEL: func @gelu
func.func @gelu(%x: tensor<8x64x512xf32>) {
  // CHECK: graph.gelu %{{[a-z0-9]+}} : (
  %y = graph.gelu %x {approximate = "none"} : (tensor<8x64x512xf32>) -> tensor<8x64x512xf32>
  // CHECK: graph.gelu %{{.*}} {approximate = "tanh"} :
  %z = graph.gelu %x {approximate = "tanh"} : (tensor<8x64x512xf32>) -> tensor<8x64x512xf32>
  // CHECK: graph.gelu_grad %{{.*}}, %{{.*}} {approximate = "tanh"} :
  %dx = graph.gelu_grad %z, %x {approximate = "tanh"}
      : (tensor<8x64x512xf32>, tensor<8x64x512xf32>) -> tensor<8x64x512xf32>
  return
}
