// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// CHECK-LABEL: func @model
func.func @model(%x: tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32> {
  %gamma = graph.variable parameter "bn1.weight" : tensor<64xf32> = #graph.constant<1.0>
  %beta = graph.variable parameter "bn1.bias" : tensor<64xf32> = #graph.constant<0.0>
  %mean = graph.variable state "bn1.running_mean" : tensor<64xf32> = #graph.constant<0.0>
  %var = graph.variable state "bn1.running_var" : tensor<64xf32> = #graph.constant<1.0>
  // PyTorch's epsilon and momentum are not written.
  // CHECK: graph.batch_norm %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} : (
  %y = graph.batch_norm %x, %gamma, %beta, %mean, %var {epsilon = 1.0e-5, momentum = 0.1}
     : (tensor<8x32x32x64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
     -> tensor<8x32x32x64xf32>
  // CHECK: graph.batch_norm {{.*}} {epsilon = 1.000000e-03 : f64, momentum = 1.000000e-02 : f64}
  %z = graph.batch_norm %y, %gamma, %beta, %mean, %var {epsilon = 1.0e-3, momentum = 0.01}
     : (tensor<8x32x32x64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
     -> tensor<8x32x32x64xf32>
  return %z : tensor<8x32x32x64xf32>
}

// CHECK-LABEL: func @training
func.func @training(%x: tensor<8x32x32x64xf32>, %gamma: tensor<64xf32>, %beta: tensor<64xf32>,
                    %mean: tensor<64xf32>, %var: tensor<64xf32>,
                    %shortcut: tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32> {
  // CHECK: graph.batch_norm_stats {{.*}} -> tensor<2x64xf64>
  %stats = graph.batch_norm_stats %x : (tensor<8x32x32x64xf32>) -> tensor<2x64xf64>
  // CHECK: graph.batch_norm_running {{.*}} {count = 8192 : i64, momentum = 1.000000e-01 : f64}
  %m1, %v1 = graph.batch_norm_running %stats, %mean, %var {count = 8192 : i64, momentum = 0.1}
      : (tensor<2x64xf64>, tensor<64xf32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>)
  // CHECK: graph.batch_norm_apply {{.*}} {count = 8192 : i64, epsilon = 1.000000e-05 : f64}
  %plain = graph.batch_norm_apply %x, %stats, %gamma, %beta {count = 8192 : i64, epsilon = 1.0e-5}
      : (tensor<8x32x32x64xf32>, tensor<2x64xf64>, tensor<64xf32>, tensor<64xf32>)
      -> tensor<8x32x32x64xf32>
  // CHECK: graph.batch_norm_apply {{.*}} {count = 8192 : i64, epsilon = 1.000000e-05 : f64, relu}
  %y = graph.batch_norm_apply %plain, %stats, %gamma, %beta, %shortcut
         {count = 8192 : i64, epsilon = 1.0e-5, relu}
      : (tensor<8x32x32x64xf32>, tensor<2x64xf64>, tensor<64xf32>, tensor<64xf32>,
         tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
  return %y : tensor<8x32x32x64xf32>
}

// The statistics count the whole batch, here 4 ranks' 2048 rows, wherever it lies.
// CHECK-LABEL: func @backward
func.func @backward(%x: tensor<2x32x32x64xf32>, %stats: tensor<2x64xf64>, %gamma: tensor<64xf32>,
                    %dy: tensor<2x32x32x64xf32>, %y: tensor<2x32x32x64xf32>) {
  // CHECK: graph.batch_norm_grad_sums {{.*}} {count = 8192 : i64, epsilon = 1.000000e-05 : f64}
  %sums = graph.batch_norm_grad_sums %x, %stats, %dy {count = 8192 : i64, epsilon = 1.0e-5}
      : (tensor<2x32x32x64xf32>, tensor<2x64xf64>, tensor<2x32x32x64xf32>) -> tensor<2x64xf64>
  // With the relu's output as mask.
  // CHECK: graph.batch_norm_grad_sums %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} {
  %masked = graph.batch_norm_grad_sums %x, %stats, %dy, %y {count = 8192 : i64, epsilon = 1.0e-5}
      : (tensor<2x32x32x64xf32>, tensor<2x64xf64>, tensor<2x32x32x64xf32>, tensor<2x32x32x64xf32>)
      -> tensor<2x64xf64>
  // CHECK: graph.batch_norm_grad_input {{.*}} -> tensor<2x32x32x64xf32>
  %dx = graph.batch_norm_grad_input %x, %stats, %gamma, %masked, %dy, %y
          {count = 8192 : i64, epsilon = 1.0e-5}
      : (tensor<2x32x32x64xf32>, tensor<2x64xf64>, tensor<64xf32>, tensor<2x64xf64>,
         tensor<2x32x32x64xf32>, tensor<2x32x32x64xf32>) -> tensor<2x32x32x64xf32>
  // CHECK: graph.batch_norm_grad_parameters {{.*}} -> (tensor<64xf32>, tensor<64xf32>)
  %dgamma, %dbeta = graph.batch_norm_grad_parameters %sums
      : (tensor<2x64xf64>) -> (tensor<64xf32>, tensor<64xf32>)
  return
}

// CHECK-LABEL: func @inference
func.func @inference(%x: tensor<8x32x32x64xf32>, %gamma: tensor<64xf32>, %beta: tensor<64xf32>,
                     %mean: tensor<64xf32>, %var: tensor<64xf32>) -> tensor<8x32x32x64xf32> {
  // CHECK: graph.batch_norm_inference {{.*}} {epsilon = 1.000000e-05 : f64, relu}
  %y = graph.batch_norm_inference %x, %gamma, %beta, %mean, %var, %x {epsilon = 1.0e-5, relu}
      : (tensor<8x32x32x64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>,
         tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
  return %y : tensor<8x32x32x64xf32>
}
