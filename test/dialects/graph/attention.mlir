// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// CHECK-LABEL: func @attention
func.func @attention(%qkv: tensor<8x64x3x4x32xf32>, %state: tensor<2xi64>) {
  // CHECK: %[[Y:.*]], %[[LSE:.*]] = graph.attention %{{[a-z0-9]+}} {causal} : (tensor<8x64x3x4x32xf32>) -> (tensor<8x64x4x32xf32>, tensor<8x4x64xf32>)
  %y, %lse = graph.attention %qkv {causal}
           : (tensor<8x64x3x4x32xf32>) -> (tensor<8x64x4x32xf32>, tensor<8x4x64xf32>)
  // CHECK: graph.attention_grad %[[Y]], %{{[a-z0-9]+}}, %[[Y]], %[[LSE]] {causal} :
  %dqkv = graph.attention_grad %y, %qkv, %y, %lse {causal}
        : (tensor<8x64x4x32xf32>, tensor<8x64x3x4x32xf32>, tensor<8x64x4x32xf32>, tensor<8x4x64xf32>)
        -> tensor<8x64x3x4x32xf32>
  // As training has it: with dropout, and what keys its random numbers.
  // CHECK: graph.attention %{{[a-z0-9]+}}, %{{[a-z0-9]+}} {dropout = 1.000000e-01 : f64, scale = 5.000000e-01 : f64, site = 3 : i64} :
  %z, %lse2 = graph.attention %qkv, %state {dropout = 0.1, scale = 0.5, site = 3 : i64}
            : (tensor<8x64x3x4x32xf32>, tensor<2xi64>) -> (tensor<8x64x4x32xf32>, tensor<8x4x64xf32>)
  // CHECK: graph.softmax %{{.*}} {causal} :
  %scores = graph.einsum "bthd,bshd->bhts" %y, %y
          : (tensor<8x64x4x32xf32>, tensor<8x64x4x32xf32>) -> tensor<8x4x64x64xf32>
  %p = graph.softmax %scores {causal} : (tensor<8x4x64x64xf32>) -> tensor<8x4x64x64xf32>
  // CHECK: graph.softmax_grad
  %ds = graph.softmax_grad %p, %p : (tensor<8x4x64x64xf32>, tensor<8x4x64x64xf32>) -> tensor<8x4x64x64xf32>
  return
}
