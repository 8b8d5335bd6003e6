// Seconds by the device model on 4 ranks: a product of gradients takes 20 us, a sum 15 us, an update
// 9 us. A value of 512x512 has 1 MiB.
//
// RUN: autopar-opt %s --autopar-schedule-communication=device=h100-sxm --mlir-use-nameloc-as-prefix | FileCheck %s
// RUN: autopar-opt %s --autopar-schedule-communication="device=h100-sxm spare=1048576" --mlir-use-nameloc-as-prefix | FileCheck %s --check-prefix=SPARE
// RUN: autopar-opt %s --autopar-schedule-communication=device=h100-sxm | autopar-opt --autopar-schedule-communication=device=h100-sxm | FileCheck %s --check-prefix=AGAIN
// RUN: echo "module {}" | not autopar-opt --autopar-schedule-communication 2>&1 | FileCheck %s --check-prefix=ERROR

// ERROR: error: has no program of one rank to schedule; run autopar-partition first
// AGAIN: func.func @update_waits
module attributes {dist.mesh = #dist.mesh<x = 4>} {
  // The earlier layer's gradients stand beside the sum of the later one's; its update, which waits for
  // the sum, behind them.
  // CHECK-LABEL: func.func @update_waits
  // CHECK:         %g2 = graph.linear_weight_grad
  // CHECK-NEXT:    %s2 = dist.all_reduce %g2
  // CHECK-NEXT:    %dx2 = graph.linear_input_grad
  // CHECK:         %n2 = graph.sgd {{.*}} %s2
  // CHECK-NEXT:    graph.assign "w2" = %n2
  // CHECK:         %s1 = dist.all_reduce %g1
  func.func @update_waits(%x1: tensor<1024x512xf32>, %x2: tensor<1024x512xf32>,
                          %dy2: tensor<1024x512xf32>, %learning_rate: tensor<f32>) {
    %w1 = graph.variable parameter "w1" : tensor<512x512xf32> = #graph.constant<0.0>
    %w2 = graph.variable parameter "w2" : tensor<512x512xf32> = #graph.constant<0.0>
    %g2 = graph.linear_weight_grad %x2, %dy2 : (tensor<1024x512xf32>, tensor<1024x512xf32>) -> tensor<512x512xf32> loc("g2")
    %s2 = dist.all_reduce %g2 over {x} : (tensor<512x512xf32>) -> tensor<512x512xf32> loc("s2")
    %n2 = graph.sgd %w2, %s2, %learning_rate : (tensor<512x512xf32>, tensor<512x512xf32>, tensor<f32>) -> tensor<512x512xf32> loc("n2")
    graph.assign "w2" = %n2 : tensor<512x512xf32>
    %dx2 = graph.linear_input_grad %dy2, %w2 : (tensor<1024x512xf32>, tensor<512x512xf32>) -> tensor<1024x512xf32> loc("dx2")
    %g1 = graph.linear_weight_grad %x1, %dx2 : (tensor<1024x512xf32>, tensor<1024x512xf32>) -> tensor<512x512xf32> loc("g1")
    %s1 = dist.all_reduce %g1 over {x} : (tensor<512x512xf32>) -> tensor<512x512xf32> loc("s1")
    %n1 = graph.sgd %w1, %s1, %learning_rate : (tensor<512x512xf32>, tensor<512x512xf32>, tensor<f32>) -> tensor<512x512xf32> loc("n1")
    graph.assign "w1" = %n1 : tensor<512x512xf32>
    return
  }

  // A layer's weights are gathered beside the layer before: where two gathered weights, 1 MiB each,
  // may be held at once, and not before.
  // CHECK-LABEL: func.func @gathers_come_early
  // CHECK:         %f1 = dist.all_gather
  // CHECK-NEXT:    %y1 = graph.linear
  // CHECK-NEXT:    %f2 = dist.all_gather
  // CHECK-NEXT:    %y2 = graph.linear
  // SPARE-LABEL: func.func @gathers_come_early
  // SPARE:         %f1 = dist.all_gather
  // SPARE-NEXT:    %f2 = dist.all_gather
  // SPARE-NEXT:    %y1 = graph.linear
  // SPARE-NEXT:    %y2 = graph.linear
  func.func @gathers_come_early(%x: tensor<128x512xf32>) -> tensor<128x512xf32> {
    %w1 = graph.variable parameter "w1" : tensor<128x512xf32> = #graph.constant<0.0>
    %w2 = graph.variable parameter "w2" : tensor<128x512xf32> = #graph.constant<0.0>
    %f1 = dist.all_gather %w1 over {x} dims [0] : (tensor<128x512xf32>) -> tensor<512x512xf32> loc("f1")
    %y1 = graph.linear %x, %f1 : (tensor<128x512xf32>, tensor<512x512xf32>) -> tensor<128x512xf32> loc("y1")
    %f2 = dist.all_gather %w2 over {x} dims [0] : (tensor<128x512xf32>) -> tensor<512x512xf32> loc("f2")
    %y2 = graph.linear %y1, %f2 : (tensor<128x512xf32>, tensor<512x512xf32>) -> tensor<128x512xf32> loc("y2")
    return %y2 : tensor<128x512xf32>
  }
}
