// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// CHECK-LABEL: func @cross_entropy
func.func @cross_entropy(%logits: tensor<8x10xf32>, %labels: tensor<8xi32>) -> tensor<f32> {
  // CHECK: graph.softmax_cross_entropy %{{[a-z0-9]+}}, %{{[a-z0-9]+}} {count = 8 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
  %loss = graph.softmax_cross_entropy %logits, %labels {count = 8 : i64, label_smoothing = 0.0}
        : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
  // These 8 rows may be one rank's share of 32.
  // CHECK: graph.softmax_cross_entropy_grad {{.*}} {count = 32 : i64, label_smoothing = 1.000000e-01 : f64} {{.*}} -> tensor<8x10xf32>
  %d = graph.softmax_cross_entropy_grad %logits, %labels {count = 32 : i64, label_smoothing = 0.1}
     : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<8x10xf32>
  // CHECK: graph.count_correct {{.*}} -> tensor<f32>
  %correct = graph.count_correct %logits, %labels : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
  return %loss : tensor<f32>
}

// The mean over the labels that are kept is the model's loss, as any scalar may be.
// CHECK-LABEL: func @computed
func.func @computed(%sum: tensor<f32>, %labels: tensor<8x64xi32>) -> tensor<f32> {
  // CHECK: graph.count_kept %{{.*}} : (tensor<8x64xi32>) -> tensor<f32>
  %kept = graph.count_kept %labels : (tensor<8x64xi32>) -> tensor<f32>
  %mean = graph.div %sum, %kept : (tensor<f32>, tensor<f32>) -> tensor<f32>
  // CHECK: graph.loss %{{[a-z0-9]+}} : (tensor<f32>) -> tensor<f32>
  %loss = graph.loss %mean {count = 1 : i64} : (tensor<f32>) -> tensor<f32>
  // One of four micro-batches.
  // CHECK: graph.loss %{{.*}} {count = 4 : i64}
  %share = graph.loss %mean {count = 4 : i64} : (tensor<f32>) -> tensor<f32>
  return %loss : tensor<f32>
}
