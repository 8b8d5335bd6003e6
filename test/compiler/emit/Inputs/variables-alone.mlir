// Layers whose variables are in a row, and whose calls, by their names, are in none.
module @m attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1>} {
  func.func @model(%images: tensor<8x2x2x3xf32> {graph.input = "images"}, %labels: tensor<8xi32> {graph.input = "labels"}) -> (tensor<f32> {graph.output = "loss"}) {
    %x0 = graph.flatten %images : (tensor<8x2x2x3xf32>) -> tensor<8x12xf32>
    %w0 = graph.variable parameter "p.0.weight" : tensor<12x12xf32> = #graph.normal<0.1>
    %b0 = graph.variable parameter "p.0.bias" : tensor<12xf32> = #graph.constant<0.0>
    %l0 = graph.linear %x0, %w0 : (tensor<8x12xf32>, tensor<12x12xf32>) -> tensor<8x12xf32> loc("qa.lin")
    %c0 = graph.bias_add %l0, %b0 : (tensor<8x12xf32>, tensor<12xf32>) -> tensor<8x12xf32> loc("qa.b")
    %r0 = graph.relu %c0 : (tensor<8x12xf32>) -> tensor<8x12xf32> loc("qa.r")
    %w1 = graph.variable parameter "p.1.weight" : tensor<12x12xf32> = #graph.normal<0.1>
    %b1 = graph.variable parameter "p.1.bias" : tensor<12xf32> = #graph.constant<0.0>
    %l1 = graph.linear %r0, %w1 : (tensor<8x12xf32>, tensor<12x12xf32>) -> tensor<8x12xf32> loc("qb.lin")
    %c1 = graph.bias_add %l1, %b1 : (tensor<8x12xf32>, tensor<12xf32>) -> tensor<8x12xf32> loc("qb.b")
    %r1 = graph.relu %c1 : (tensor<8x12xf32>) -> tensor<8x12xf32> loc("qb.r")
    %w2 = graph.variable parameter "p.2.weight" : tensor<12x12xf32> = #graph.normal<0.1>
    %b2 = graph.variable parameter "p.2.bias" : tensor<12xf32> = #graph.constant<0.0>
    %l2 = graph.linear %r1, %w2 : (tensor<8x12xf32>, tensor<12x12xf32>) -> tensor<8x12xf32> loc("qc.lin")
    %c2 = graph.bias_add %l2, %b2 : (tensor<8x12xf32>, tensor<12xf32>) -> tensor<8x12xf32> loc("qc.b")
    %r2 = graph.relu %c2 : (tensor<8x12xf32>) -> tensor<8x12xf32> loc("qc.r")
    %w3 = graph.variable parameter "p.3.weight" : tensor<12x12xf32> = #graph.normal<0.1>
    %b3 = graph.variable parameter "p.3.bias" : tensor<12xf32> = #graph.constant<0.0>
    %l3 = graph.linear %r2, %w3 : (tensor<8x12xf32>, tensor<12x12xf32>) -> tensor<8x12xf32> loc("qd.lin")
    %c3 = graph.bias_add %l3, %b3 : (tensor<8x12xf32>, tensor<12xf32>) -> tensor<8x12xf32> loc("qd.b")
    %r3 = graph.relu %c3 : (tensor<8x12xf32>) -> tensor<8x12xf32> loc("qd.r")
    %w = graph.variable parameter "w" : tensor<10x12xf32> = #graph.normal<0.1>
    %y = graph.linear %r3, %w : (tensor<8x12xf32>, tensor<10x12xf32>) -> tensor<8x10xf32>
    %loss = graph.softmax_cross_entropy %y, %labels {count = 8 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
    return %loss : tensor<f32>
  }
}
