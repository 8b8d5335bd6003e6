// A loss that is computed: its gradient is a number that the losses it is made of are scaled by, as the
// loss scale and the number of micro-batches have it. What only the loss reads stays f32.
//
// RUN: autopar-opt %s --pass-pipeline="builtin.module(autopar-name-values,autopar-differentiate,autopar-name-values)" --mlir-use-nameloc-as-prefix | FileCheck %s
// RUN: autopar-opt %s --pass-pipeline="builtin.module(autopar-name-values,autopar-differentiate{micro-batches=4},autopar-name-values)" --mlir-use-nameloc-as-prefix | FileCheck %s --check-prefix=SHARE
// RUN: autopar-opt %s --pass-pipeline="builtin.module(autopar-name-values,autopar-set-precision{precision=fp16},autopar-differentiate{loss-scale=1024},autopar-name-values)" --mlir-use-nameloc-as-prefix | FileCheck %s --check-prefix=SCALED
// RUN: autopar-opt %s --pass-pipeline="builtin.module(autopar-name-values,autopar-set-precision{precision=fp16},autopar-differentiate{loss-scale=1024 micro-batches=4},autopar-name-values)" --mlir-use-nameloc-as-prefix | FileCheck %s --check-prefix=BOTH

// CHECK:      %loss = graph.loss %both : (tensor<f32>)
// CHECK:      %both.grad = graph.fill {value = 1.000000e+00 : f64} : () -> tensor<f32>
// CHECK:      %[[AUX:.*]] = graph.scale %both.grad {factor = 4.000000e-01 : f64}
// CHECK-DAG:  graph.softmax_cross_entropy_grad %main, %labels, %{{.*}} {count = 1 : i64}
// CHECK-DAG:  graph.softmax_cross_entropy_grad %aux, %labels, %[[AUX]] {count = 8 : i64}

// SHARE:      %loss = graph.loss %both {count = 4 : i64}
// SHARE:      %both.grad = graph.fill {value = 2.500000e-01 : f64}
// SHARE:      graph.scale %both.grad {factor = 4.000000e-01 : f64}

// SCALED:     %main = graph.linear {{.*}} -> tensor<8x10xf16>
// SCALED:     %sum = graph.softmax_cross_entropy %main, %labels {count = 1 : i64} : (tensor<8x10xf16>, tensor<8xi32>) -> tensor<f32>
// SCALED:     %loss_scale = graph.variable slot "loss_scale"
// SCALED-NOT: graph.fill
// SCALED:     graph.scale %loss_scale {factor = 4.000000e-01 : f64}

// BOTH:       %both.grad = graph.scale %loss_scale {factor = 2.500000e-01 : f64}
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1>} {
  func.func @model(%images: tensor<8x4xf32> {graph.input = "images"}, %labels: tensor<8xi32> {graph.input = "labels"}) -> (tensor<f32> {graph.output = "loss"}) {
    %w = graph.variable parameter "w" : tensor<10x4xf32> = #graph.uniform<0.5>
    %v = graph.variable parameter "v" : tensor<10x4xf32> = #graph.uniform<0.5>
    %main = graph.linear %images, %w : (tensor<8x4xf32>, tensor<10x4xf32>) -> tensor<8x10xf32> loc("main")
    %aux = graph.linear %images, %v : (tensor<8x4xf32>, tensor<10x4xf32>) -> tensor<8x10xf32> loc("aux")
    %sum = graph.softmax_cross_entropy %main, %labels {count = 1 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32> loc("sum")
    %kept = graph.count_kept %labels : (tensor<8xi32>) -> tensor<f32> loc("kept")
    %mean = graph.div %sum, %kept : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("mean")
    %other = graph.softmax_cross_entropy %aux, %labels {count = 8 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32> loc("other")
    %share = graph.scale %other {factor = 0.4} : (tensor<f32>) -> tensor<f32> loc("share")
    %both = graph.add %mean, %share : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("both")
    %loss = graph.loss %both : (tensor<f32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
}
