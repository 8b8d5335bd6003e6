// A classifier with a table that is added to its rows, and rows of another that are looked up.
module @small attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, momentum = 0.9>} {
  func.func @model(%images: tensor<8x1x2x3xf32> {graph.input = "images"}, %labels: tensor<8xi32> {graph.input = "labels"}) -> (tensor<f32> {graph.output = "loss"}) {
    %m = graph.variable constant "mask" : tensor<8x6xf32> = dense<[[0.0,1.0,2.0,3.0,4.0,5.0],[1.0,0.5,0.5,0.5,0.5,0.25],[0.0,1.0,2.0,3.0,4.0,5.0],[0.0,1.0,2.0,3.0,4.0,5.0],[0.0,1.0,2.0,3.0,4.0,5.0],[0.0,1.0,2.0,3.0,4.0,5.0],[0.0,1.0,2.0,3.0,4.0,5.0],[0.0,1.0,2.0,3.0,4.0,5.0]]> : tensor<8x6xf32> loc("mask")
    %t = graph.variable constant "which" : tensor<8xi32> = dense<[0,2,1,3,3,0,1,2]> : tensor<8xi32> loc("which")
    %e = graph.variable parameter "table" : tensor<4x6xf32> = #graph.normal<0.5> loc("table")
    %w = graph.variable parameter "fc.weight" : tensor<4x6xf32> = #graph.normal<0.5> loc("fc.weight")
    %x = graph.flatten %images : (tensor<8x1x2x3xf32>) -> tensor<8x6xf32> loc("rows")
    %y = graph.add %x, %m : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32> loc("masked")
    %r = graph.embedding %t, %e : (tensor<8xi32>, tensor<4x6xf32>) -> tensor<8x6xf32> loc("looked")
    %z = graph.add %y, %r : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32> loc("sum")
    %l = graph.linear %z, %w : (tensor<8x6xf32>, tensor<4x6xf32>) -> tensor<8x4xf32> loc("fc")
    %loss = graph.softmax_cross_entropy %l, %labels {count = 8 : i64} : (tensor<8x4xf32>, tensor<8xi32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
}
