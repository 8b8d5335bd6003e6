// A step whose calls come to chains of every kind of step: of 16 bits and of 32, of types that differ,
// two that are alike and a third that
// reads one tensor thrice, one with two dropouts, whose part of the whole is some of its columns.
module @kernels attributes {dist.mesh = #dist.mesh<x = 2>, rt.target = "cuda", graph.optimizer = #graph.sgd<learning_rate = 0.25>} {
  func.func @step(%a: tensor<4x8xf16> {graph.input = "a"}, %b: tensor<4x8xf16> {graph.input = "b"}, %y: tensor<4x8xf16> {graph.input = "y"},
                  %m: tensor<16xf16> {graph.input = "m"},
                  %n: tensor<16xf16> {graph.input = "n"}, %p: tensor<16xf16> {graph.input = "p"}, %x: tensor<4x8xf32> {graph.input = "x"}, %u: tensor<32xf32> {graph.input = "u"},
                  %v: tensor<32xf32> {graph.input = "v"}, %bias: tensor<8xf32> {graph.input = "bias"}, %state: tensor<2xi64> {graph.input = "state"},
                  %r: tensor<4x8xbf16> {graph.input = "r"}, %logits: tensor<4x8xf32> {graph.input = "logits"}, %labels: tensor<4xi32> {graph.input = "labels"})
      -> (tensor<f32> {graph.output = "loss"}, tensor<4x8xf16>, tensor<16xf16>, tensor<16xf16>, tensor<4x8xbf16>, tensor<32xf32>, tensor<32xbf16>, tensor<4x8xbf16>, tensor<4x8xf32>, tensor<2x4x2x8xf16>) {
    %loss = rt.call "SoftmaxCrossEntropy" {batch = 4 : i64, classes = 8 : i64, count = 4 : i64} (%logits, %labels) workspace 256
        : (tensor<4x8xf32>, tensor<4xi32>) -> tensor<f32> loc("loss")

    %sum = rt.call "Add" {count = 32 : i64} (%a, %b) : (tensor<4x8xf16>, tensor<4x8xf16>) -> tensor<4x8xf16>
    %dx = rt.call "ReluGrad" {count = 32 : i64} (%sum, %y) : (tensor<4x8xf16>, tensor<4x8xf16>) -> tensor<4x8xf16> loc("relu.grad")
    %sum2 = rt.call "Add" {count = 16 : i64} (%m, %n) : (tensor<16xf16>, tensor<16xf16>) -> tensor<16xf16>
    %dx2 = rt.call "ReluGrad" {count = 16 : i64} (%sum2, %p) : (tensor<16xf16>, tensor<16xf16>) -> tensor<16xf16> loc("relu_2.grad")
    %sum3 = rt.call "Add" {count = 16 : i64} (%m, %m) : (tensor<16xf16>, tensor<16xf16>) -> tensor<16xf16>
    %dx3 = rt.call "ReluGrad" {count = 16 : i64} (%sum3, %m) : (tensor<16xf16>, tensor<16xf16>) -> tensor<16xf16> loc("relu_3.grad")

    %cast = rt.call "Cast" {count = 32 : i64} (%x) : (tensor<4x8xf32>) -> tensor<4x8xbf16>
    %biased = rt.call "BiasAdd" {rows = 4 : i64, channels = 8 : i64} (%cast, %bias) : (tensor<4x8xbf16>, tensor<8xf32>) -> tensor<4x8xbf16>
    %dropped = rt.call "Dropout" {shape = array<i64: 4, 8>, rate = 0.25, site = 3 : i64, part = #dist.part<whole = [8, 8], axes = [[0], []]>} (%biased, %state)
        : (tensor<4x8xbf16>, tensor<2xi64>) -> tensor<4x8xbf16>
    %residual = rt.call "Add" {count = 32 : i64} (%r, %dropped) : (tensor<4x8xbf16>, tensor<4x8xbf16>) -> tensor<4x8xbf16> loc("residual")

    %relu = rt.call "Relu" {count = 32 : i64} (%u) : (tensor<32xf32>) -> tensor<32xf32>
    %gelu = rt.call "Gelu" {count = 32 : i64} (%relu) : (tensor<32xf32>) -> tensor<32xf32>
    %again = rt.call "Gelu" {count = 32 : i64, tanh = true} (%gelu) : (tensor<32xf32>) -> tensor<32xf32> loc("mlp")

    %scaled = rt.call "Scale" {count = 32 : i64, factor = 1.5} (%u) : (tensor<32xf32>) -> tensor<32xf32>
    %exact = rt.call "GeluGrad" {count = 32 : i64} (%scaled, %v) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %approximate = rt.call "GeluGrad" {count = 32 : i64, tanh = true} (%exact, %u) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %narrow = rt.call "Cast" {count = 32 : i64} (%approximate) : (tensor<32xf32>) -> tensor<32xbf16> loc("mlp.grad")

    %once = rt.call "Dropout" {shape = array<i64: 4, 8>, rate = 0.5, site = 5 : i64, part = #dist.part<whole = [4, 16], axes = [[], [0]]>} (%r, %state)
        : (tensor<4x8xbf16>, tensor<2xi64>) -> tensor<4x8xbf16>
    %twice = rt.call "Dropout" {shape = array<i64: 4, 8>, rate = 0.25, site = 6 : i64, part = #dist.part<whole = [4, 16], axes = [[], [0]]>} (%once, %state)
        : (tensor<4x8xbf16>, tensor<2xi64>) -> tensor<4x8xbf16> loc("twice")
    %gates = rt.call "Expand" {shape = array<i64: 4, 8>, dims = array<i64: 0>} (%bias) : (tensor<8xf32>) -> tensor<4x8xf32>
    %tanh = rt.call "Tanh" {count = 32 : i64} (%gates) : (tensor<4x8xf32>) -> tensor<4x8xf32>
    %clamped = rt.call "Clamp" {count = 32 : i64, low = -0.5 : f64, high = 0.75 : f64} (%tanh) : (tensor<4x8xf32>) -> tensor<4x8xf32>
    %gated = rt.call "Mul" {count = 32 : i64} (%x, %clamped) : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32> loc("gated")
    %table = rt.call "Expand" {shape = array<i64: 2, 4, 2, 8>, dims = array<i64: 0, 2>} (%b) : (tensor<4x8xf16>) -> tensor<2x4x2x8xf16>
    %sines = rt.call "Sin" {count = 128 : i64} (%table) : (tensor<2x4x2x8xf16>) -> tensor<2x4x2x8xf16> loc("sines")
    return %loss, %dx, %dx2, %dx3, %residual, %again, %narrow, %twice, %gated, %sines : tensor<f32>, tensor<4x8xf16>, tensor<16xf16>, tensor<16xf16>, tensor<4x8xbf16>, tensor<32xf32>, tensor<32xbf16>, tensor<4x8xbf16>, tensor<4x8xf32>, tensor<2x4x2x8xf16>
  }
}
