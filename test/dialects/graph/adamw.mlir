// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// What is torch.optim.AdamW's default is not written.
// CHECK: module attributes {test.a = #graph.adamw<learning_rate = 0.0003>,
// CHECK-SAME: test.b = #graph.adamw<learning_rate = 0.1, beta1 = 0.8, beta2 = 0.95, epsilon = 1.0e-06, weight_decay = 0.1, clip = 1.0>}
module attributes {test.a = #graph.adamw<learning_rate = 3.0e-4, beta2 = 0.999>,
                   test.b = #graph.adamw<learning_rate = 0.1, beta1 = 0.8, beta2 = 0.95, epsilon = 1.0e-6, weight_decay = 0.1, clip = 1.0>} {
  // CHECK-LABEL: func @adamw
  func.func @adamw(%w: tensor<64xf32>, %g: tensor<64xf32>, %m: tensor<64xf32>, %v: tensor<64xf32>, %lr: tensor<f32>, %state: tensor<2xi64>) {
    // CHECK: graph.adamw {{.*}} {beta1 = 9.000000e-01 : f64, beta2 = {{[^,]*}} : f64, epsilon = 1.000000e-08 : f64} :
    %a:3 = graph.adamw %w, %g, %lr, %state, %m, %v {beta1 = 0.9, beta2 = 0.999, epsilon = 1.0e-8}
         : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<2xi64>, tensor<64xf32>, tensor<64xf32>)
         -> (tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
    // CHECK: %[[S:.*]] = graph.square_sum %{{.*}} : (tensor<64xf32>) -> tensor<f64>
    %s = graph.square_sum %g : (tensor<64xf32>) -> tensor<f64>
    // CHECK: %[[T:.*]] = graph.add_scalars %[[S]], %[[S]] :
    %t = graph.add_scalars %s, %s : (tensor<f64>, tensor<f64>) -> tensor<f64>
    // CHECK: %[[F:.*]] = graph.clip_factor %[[T]] {maximum = 1.000000e+00 : f64}
    %f = graph.clip_factor %t {maximum = 1.0} : (tensor<f64>) -> tensor<f32>
    // CHECK: graph.adamw {{.*}}, %[[F]] {beta1
    %b:3 = graph.adamw %w, %g, %lr, %state, %m, %v, %f {beta1 = 0.9, beta2 = 0.999, epsilon = 1.0e-8, weight_decay = 0.1}
         : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<2xi64>, tensor<64xf32>, tensor<64xf32>, tensor<f32>)
         -> (tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
    return
  }
}
