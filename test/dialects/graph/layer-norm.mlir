// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// CHECK-LABEL: func @layer_norm
func.func @layer_norm(%x: tensor<8x64x128xf32>, %g: tensor<128xf32>, %b: tensor<128xf32>) {
  // CHECK: %[[Y:.*]], %[[MEAN:.*]], %[[RSTD:.*]] = graph.layer_norm %{{.*}} {epsilon = 1.000000e-02 : f64} :
  %y, %mean, %rstd = graph.layer_norm %x, %g, %b {epsilon = 1.0e-2}
      : (tensor<8x64x128xf32>, tensor<128xf32>, tensor<128xf32>)
      -> (tensor<8x64x128xf32>, tensor<8x64xf32>, tensor<8x64xf32>)
  // CHECK: graph.layer_norm_grad_input {{.*}} -> tensor<8x64x128xf32>
  %dx = graph.layer_norm_grad_input %y, %x, %g, %mean, %rstd
      : (tensor<8x64x128xf32>, tensor<8x64x128xf32>, tensor<128xf32>, tensor<8x64xf32>, tensor<8x64xf32>)
      -> tensor<8x64x128xf32>
  // CHECK: graph.layer_norm_grad_parameters {{.*}} -> (tensor<128xf32>, tensor<128xf32>)
  %dg, %db = graph.layer_norm_grad_parameters %y, %x, %mean, %rstd
      : (tensor<8x64x128xf32>, tensor<8x64x128xf32>, tensor<8x64xf32>, tensor<8x64xf32>)
      -> (tensor<128xf32>, tensor<128xf32>)
  return
}
