// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// CHECK-LABEL: func @language_loss
func.func @language_loss(%logits: tensor<8x64x128xf32>, %labels: tensor<8x64xi32>) {
  // CHECK: graph.language_loss %{{.*}}, %{{.*}} {count = 512 : i64, valid = 100 : i64} : {{.*}} -> tensor<f32>
  %loss = graph.language_loss %logits, %labels {count = 512 : i64, valid = 100 : i64}
        : (tensor<8x64x128xf32>, tensor<8x64xi32>) -> tensor<f32>
  // CHECK: %[[SUMS:.*]] = graph.vocabulary_sums {{.*}} -> tensor<8x64x4x3xf64>
  %sums = graph.vocabulary_sums %logits, %labels {valid = 100 : i64}
        : (tensor<8x64x128xf32>, tensor<8x64xi32>) -> tensor<8x64x4x3xf64>
  // CHECK: graph.cross_entropy_of_sums %[[SUMS]]
  %same = graph.cross_entropy_of_sums %sums, %labels {count = 512 : i64}
        : (tensor<8x64x4x3xf64>, tensor<8x64xi32>) -> tensor<f32>
  // CHECK: graph.cross_entropy_of_sums_grad {{.*}} -> tensor<8x64x128xf32>
  %d = graph.cross_entropy_of_sums_grad %logits, %labels, %sums {count = 512 : i64, valid = 100 : i64}
     : (tensor<8x64x128xf32>, tensor<8x64xi32>, tensor<8x64x4x3xf64>) -> tensor<8x64x128xf32>
  return
}

// A rank that holds the second half of 256 classes, of which 200 are valid: more than it holds itself.
// CHECK-LABEL: func @part_of_vocabulary
func.func @part_of_vocabulary(%logits: tensor<8x128xf32>, %labels: tensor<8xi32>) {
  // CHECK: graph.vocabulary_sums {{.*}} {part = #dist.part<whole = [8, 256], axes = {{\[}}[], [1]]>, valid = 200 : i64}
  %sums = graph.vocabulary_sums %logits, %labels
          {valid = 200 : i64, part = #dist.part<whole = [8, 256], axes = [[], [1]]>}
        : (tensor<8x128xf32>, tensor<8xi32>) -> tensor<8x1x3xf64>
  return
}
