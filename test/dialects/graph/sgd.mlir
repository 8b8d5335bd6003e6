// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// What is zero or false is not written.
// CHECK: module attributes {test.a = #graph.sgd<learning_rate = 0.1>,
// CHECK-SAME: test.b = #graph.sgd<learning_rate = 1.0, momentum = 0.9, weight_decay = 0.0001, nesterov = true>,
// CHECK-SAME: test.c = #graph.sgd<learning_rate = 1.0e+20, momentum = 0.5, dampening = 0.5>}
module attributes {test.a = #graph.sgd<learning_rate = 0.1, momentum = 0.0, nesterov = false>,
                   test.b = #graph.sgd<learning_rate = 1.0, momentum = 0.90, weight_decay = 1.0e-4, nesterov = true>,
                   test.c = #graph.sgd<learning_rate = 1.0e20, momentum = 0.5, dampening = 0.5>} {
  // CHECK-LABEL: func @sgd
  func.func @sgd(%w: tensor<64xf32>, %g: tensor<64xf32>, %m: tensor<64xf32>, %lr: tensor<f32>, %state: tensor<2xi64>) {
    // CHECK: graph.sgd %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} : (
    %plain = graph.sgd %w, %g, %lr : (tensor<64xf32>, tensor<64xf32>, tensor<f32>) -> tensor<64xf32>
    // CHECK: graph.sgd {{.*}} {momentum = 9.000000e-01 : f64, nesterov, weight_decay = 1.000000e-04 : f64}
    %w1, %m1 = graph.sgd %w, %g, %lr, %m {momentum = 0.9, weight_decay = 1.0e-4, nesterov}
        : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<64xf32>)
        -> (tensor<64xf32>, tensor<64xf32>)
    // CHECK: graph.sgd {{.*}} at %{{[a-z0-9]+}} by %{{[a-z0-9]+}} {dampening = 5.000000e-01 : f64, momentum = 9.000000e-01 : f64}
    %w2, %m2 = graph.sgd %w, %g, %lr, %m at %state by %lr {momentum = 0.9, dampening = 0.5}
        : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<64xf32>, tensor<2xi64>, tensor<f32>)
        -> (tensor<64xf32>, tensor<64xf32>)
    return
  }
}
