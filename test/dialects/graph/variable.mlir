// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// CHECK-LABEL: func @initialisers
func.func @initialisers() {
  // Numbers print with as few digits as read back the same.
  // CHECK: graph.variable parameter "conv1.weight" : tensor<64x3x7x7xf32> = #graph.normal<0.025253813613805267>
  %0 = graph.variable parameter "conv1.weight" : tensor<64x3x7x7xf32> = #graph.normal<0.025253813613805267>
  // CHECK: graph.variable parameter "fc.bias" : tensor<1000xf32> = #graph.uniform<0.02>
  %1 = graph.variable parameter "fc.bias" : tensor<1000xf32> = #graph.uniform<0.020>
  // CHECK: graph.variable state "bn1.running_var" : tensor<64xf32> = #graph.constant<1.0>
  %2 = graph.variable state "bn1.running_var" : tensor<64xf32> = #graph.constant<1.0>
  // CHECK: graph.variable slot "fc.bias.momentum" : tensor<1000xf32> = #graph.constant<-1.0e-20>
  %3 = graph.variable slot "fc.bias.momentum" : tensor<1000xf32> = #graph.constant<-1.0e-20>
  return
}

// CHECK-LABEL: func @stored_in_another_shape
func.func @stored_in_another_shape() {
  // CHECK: graph.variable parameter "c_attn.weight" : tensor<768x3x12x64xf32> = #graph.normal<0.02> {stored = array<i64: 768, 2304>}
  %0 = graph.variable parameter "c_attn.weight" : tensor<768x3x12x64xf32> = #graph.normal<0.02> {stored = array<i64: 768, 2304>}
  // The last 47 rows are padding.
  // CHECK: graph.variable parameter "wte.weight" : tensor<50304x768xf32> = #graph.normal<0.02> {stored = array<i64: 50257, 768>}
  %1 = graph.variable parameter "wte.weight" : tensor<50304x768xf32> = #graph.normal<0.02> {stored = array<i64: 50257, 768>}
  return
}

// CHECK-LABEL: func @constants
func.func @constants() {
  // CHECK: graph.variable constant "mask" : tensor<2x2xf32> = dense<{{\[}}[0.000000e+00, 0xFF800000], [0.000000e+00, 0.000000e+00]]> : tensor<2x2xf32>
  %0 = graph.variable constant "mask" : tensor<2x2xf32> = dense<[[0.0, 0xFF800000], [0.0, 0.0]]> : tensor<2x2xf32>
  // CHECK: graph.variable constant "positions" : tensor<3xi32> = dense<[0, 1, 2]> : tensor<3xi32>
  %1 = graph.variable constant "positions" : tensor<3xi32> = dense<[0, 1, 2]> : tensor<3xi32>
  // A rank's part has all numbers, which are the whole one's.
  // CHECK: graph.variable constant "half" : tensor<1xf32> = dense<1.000000e+00> : tensor<2xf32> {dist.global = tensor<2xf32>}
  %2 = graph.variable constant "half" : tensor<1xf32> = dense<1.0> : tensor<2xf32> {dist.global = tensor<2xf32>}
  return
}

// CHECK-LABEL: func @assign
func.func @assign(%updated: tensor<64x3x7x7xf32>) {
  // CHECK: graph.assign "conv1.weight" = %{{.*}} : tensor<64x3x7x7xf32>
  graph.assign "conv1.weight" = %updated : tensor<64x3x7x7xf32>
  return
}
