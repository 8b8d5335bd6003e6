// Two layers whose batch is split over the mesh: gradients are summed over the ranks.
module @mlp attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, momentum = 0.9>} {
  func.func @model(%images: tensor<64x8x8x1xf32> {graph.input = "images"} loc("images"), %labels: tensor<64xi32> {graph.input = "labels"} loc("labels")) -> (tensor<f32> {graph.output = "loss"}) {
    %w1 = graph.variable parameter "fc1.weight" : tensor<128x64xf32> = #graph.uniform<0.125> loc("fc1.weight")
    %b1 = graph.variable parameter "fc1.bias" : tensor<128xf32> = #graph.uniform<0.125> loc("fc1.bias")
    %w2 = graph.variable parameter "fc2.weight" : tensor<10x128xf32> = #graph.uniform<0.09> loc("fc2.weight")
    %b2 = graph.variable parameter "fc2.bias" : tensor<10xf32> = #graph.uniform<0.09> loc("fc2.bias")
    %x = graph.flatten %images {dist.sharding = #dist.sharding<[{x}, {}]>} : (tensor<64x8x8x1xf32>) -> tensor<64x64xf32> loc("flatten")
    %m1 = graph.linear %x, %w1 {dist.sharding = #dist.sharding<[{x}, {}]>} : (tensor<64x64xf32>, tensor<128x64xf32>) -> tensor<64x128xf32> loc("fc1.matmul")
    %y1 = graph.bias_add %m1, %b1 {dist.sharding = #dist.sharding<[{x}, {}]>} : (tensor<64x128xf32>, tensor<128xf32>) -> tensor<64x128xf32> loc("fc1")
    %a1 = graph.relu %y1 {dist.sharding = #dist.sharding<[{x}, {}]>} : (tensor<64x128xf32>) -> tensor<64x128xf32> loc("relu")
    %m2 = graph.linear %a1, %w2 {dist.sharding = #dist.sharding<[{x}, {}]>} : (tensor<64x128xf32>, tensor<10x128xf32>) -> tensor<64x10xf32> loc("fc2.matmul")
    %logits = graph.bias_add %m2, %b2 {dist.sharding = #dist.sharding<[{x}, {}]>} : (tensor<64x10xf32>, tensor<10xf32>) -> tensor<64x10xf32> loc("fc2")
    %loss = graph.softmax_cross_entropy %logits, %labels {count = 64 : i64} : (tensor<64x10xf32>, tensor<64xi32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
}
