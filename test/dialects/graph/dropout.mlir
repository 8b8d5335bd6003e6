// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// CHECK-LABEL: func @dropout
func.func @dropout(%x: tensor<8x64x128xf32>) {
  // CHECK: graph.dropout %{{.*}} {rate = 1.000000e-01 : f64} :
  %a = graph.dropout %x {rate = 0.1} : (tensor<8x64x128xf32>) -> tensor<8x64x128xf32>
  // CHECK: %[[STATE:.*]] = graph.step_state : () -> tensor<2xi64>
  %state = graph.step_state : () -> tensor<2xi64>
  // CHECK: graph.random_dropout %{{.*}}, %[[STATE]] {rate = 1.000000e-01 : f64, site = 3 : i64} :
  %b = graph.random_dropout %x, %state {rate = 0.1, site = 3 : i64}
     : (tensor<8x64x128xf32>, tensor<2xi64>) -> tensor<8x64x128xf32>
  return
}
