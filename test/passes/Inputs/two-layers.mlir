// Two linear layers on ROWS rows, 4096 -> 16384 -> 4096: half a transformer block. Each parameter is
// 256 MiB, as are its momentum and its gradient.
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, momentum = 0.9>} {
  func.func @model(%x: tensor<ROWSx4096xf32> {graph.input = "images"}, %labels: tensor<ROWSxi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}) {
    %w1 = graph.variable parameter "w1" : tensor<16384x4096xf32> = #graph.normal<0.01>
    %h = graph.linear %x, %w1 : (tensor<ROWSx4096xf32>, tensor<16384x4096xf32>) -> tensor<ROWSx16384xf32> loc("h")
    %r = graph.relu %h : (tensor<ROWSx16384xf32>) -> tensor<ROWSx16384xf32> loc("r")
    %w2 = graph.variable parameter "w2" : tensor<4096x16384xf32> = #graph.normal<0.01>
    %y = graph.linear %r, %w2 : (tensor<ROWSx16384xf32>, tensor<4096x16384xf32>) -> tensor<ROWSx4096xf32> loc("y")
    %loss = graph.softmax_cross_entropy %y, %labels {count = ROWS : i64} : (tensor<ROWSx4096xf32>, tensor<ROWSxi32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
}
