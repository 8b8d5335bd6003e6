// Two convolutions with a residual sum: small enough to compile hundreds of times.
module @small attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, momentum = 0.9, weight_decay = 1.0e-04>} {
  func.func @model(%images: tensor<8x8x8x3xf32> {graph.input = "images"} loc("images"), %labels: tensor<8xi32> {graph.input = "labels"} loc("labels")) -> (tensor<f32> {graph.output = "loss"}) {
    %conv1.weight = graph.variable parameter "conv1.weight" : tensor<16x3x3x3xf32> = #graph.normal<0.1> loc("conv1.weight")
    %conv1 = graph.conv2d %images, %conv1.weight {padding = array<i64: 1, 1, 1, 1>} : (tensor<8x8x8x3xf32>, tensor<16x3x3x3xf32>) -> tensor<8x8x8x16xf32> loc("conv1")
    %bn1.weight = graph.variable parameter "bn1.weight" : tensor<16xf32> = #graph.constant<1.0> loc("bn1.weight")
    %bn1.bias = graph.variable parameter "bn1.bias" : tensor<16xf32> = #graph.constant<0.0> loc("bn1.bias")
    %bn1.running_mean = graph.variable state "bn1.running_mean" : tensor<16xf32> = #graph.constant<0.0> loc("bn1.running_mean")
    %bn1.running_var = graph.variable state "bn1.running_var" : tensor<16xf32> = #graph.constant<1.0> loc("bn1.running_var")
    %bn1 = graph.batch_norm %conv1, %bn1.weight, %bn1.bias, %bn1.running_mean, %bn1.running_var : (tensor<8x8x8x16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<8x8x8x16xf32> loc("bn1")
    %relu = graph.relu %bn1 : (tensor<8x8x8x16xf32>) -> tensor<8x8x8x16xf32> loc("relu")
    %conv2.weight = graph.variable parameter "conv2.weight" : tensor<16x16x3x3xf32> = #graph.normal<0.1> loc("conv2.weight")
    %conv2 = graph.conv2d %relu, %conv2.weight {padding = array<i64: 1, 1, 1, 1>} : (tensor<8x8x8x16xf32>, tensor<16x16x3x3xf32>) -> tensor<8x8x8x16xf32> loc("conv2")
    %add = graph.add %conv2, %relu : (tensor<8x8x8x16xf32>, tensor<8x8x8x16xf32>) -> tensor<8x8x8x16xf32> loc("add")
    %avgpool = graph.global_avg_pool %add : (tensor<8x8x8x16xf32>) -> tensor<8x16xf32> loc("avgpool")
    %fc.weight = graph.variable parameter "fc.weight" : tensor<10x16xf32> = #graph.uniform<0.25> loc("fc.weight")
    %fc.matmul = graph.linear %avgpool, %fc.weight : (tensor<8x16xf32>, tensor<10x16xf32>) -> tensor<8x10xf32> loc("fc.matmul")
    %fc.bias = graph.variable parameter "fc.bias" : tensor<10xf32> = #graph.uniform<0.25> loc("fc.bias")
    %fc = graph.bias_add %fc.matmul, %fc.bias : (tensor<8x10xf32>, tensor<10xf32>) -> tensor<8x10xf32> loc("fc")
    %loss = graph.softmax_cross_entropy %fc, %labels {count = 8 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32> loc("loss")
    return %loss : tensor<f32>
  }
}
