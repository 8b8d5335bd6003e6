// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// CHECK-LABEL: func @embedding
func.func @embedding(%tokens: tensor<8x64xi32>, %table: tensor<1024x128xf32>) {
  // CHECK: graph.embedding %{{.*}}, %{{.*}} : (tensor<8x64xi32>, tensor<1024x128xf32>) -> tensor<8x64x128xf32>
  %y = graph.embedding %tokens, %table : (tensor<8x64xi32>, tensor<1024x128xf32>) -> tensor<8x64x128xf32>
  // A rank's half of a table of 2048 rows.
  // CHECK: graph.embedding {{.*}} {part = #dist.part<whole = [2048, 128], axes = {{\[}}[0], []]>} :
  %p = graph.embedding %tokens, %table {part = #dist.part<whole = [2048, 128], axes = [[0], []]>}
     : (tensor<8x64xi32>, tensor<1024x128xf32>) -> tensor<8x64x128xf32>
  // CHECK: graph.embedding_grad {{.*}} -> tensor<1024x128xf32>
  %dt = graph.embedding_grad %tokens, %y : (tensor<8x64xi32>, tensor<8x64x128xf32>) -> tensor<1024x128xf32>
  return
}
