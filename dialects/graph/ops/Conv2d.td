// Two-dimensional convolution and its two gradients.

include "dialects/graph/GraphDialect.td"

class Graph_ConvOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, traits # [
        DeclareOpInterfaceMethods<WorkOpInterface, ["getFlops"]>,
        DeclareOpInterfaceMethods<ShardableOpInterface, ["localize"]>]> {
  dag window = (ins
    DefaultValuedAttr<Sizes, "{1, 1}">:$strides,
    DefaultValuedAttr<Places, "{0, 0, 0, 0}">:$padding,
    DefaultValuedAttr<Sizes, "{1, 1}">:$dilations,
    DefaultValuedAttr<Size, "1">:$groups);
}

def Conv2dOp : Graph_ConvOp<"conv2d", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "2-d convolution, channels last";
  let description = [{
    `padding` is top, left, bottom, right; `strides` and `dilations` (1 is dense) are rows, columns.

    ```mlir
    %y = graph.conv2d %x, %w {strides = array<i64: 2, 2>, padding = array<i64: 3, 3, 3, 3>}
       : (tensor<8x224x224x3xf32>, tensor<64x3x7x7xf32>) -> tensor<8x112x112x64xf32>
    ```
  }];
  let arguments = !con((ins Image:$input, Kernel:$weight), window);
  let results = (outs Image:$output);
}

def Conv2dInputGradOp : Graph_ConvOp<"conv2d_input_grad", [
    AllElementTypesMatch<["output_grad", "input_grad"]>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "gradient of graph.conv2d by its input; in a model, the transposed convolution";
  let description = [{
    A transposed convolution is this of an image that no convolution has made.

    ```mlir
    %dx = graph.conv2d_input_grad %dy, %w {padding = array<i64: 1, 1, 1, 1>}
        : (tensor<8x32x32x64xf32>, tensor<64x16x3x3xf32>) -> tensor<8x32x32x16xf32>
    ```
  }];
  let arguments = !con((ins Image:$output_grad, Kernel:$weight), window);
  let results = (outs Image:$input_grad);
  let hasVerifier = 1;
}

def Conv2dWeightGradOp : Graph_ConvOp<"conv2d_weight_grad", [
    AllElementTypesMatch<["input", "output_grad"]>]> {
  let summary = "gradient of graph.conv2d by its weight";
  let description = [{
    Sums over the batch: where the batch is split, the result is unreduced.

    ```mlir
    %dw = graph.conv2d_weight_grad %x, %dy {padding = array<i64: 1, 1, 1, 1>}
        : (tensor<8x32x32x16xf32>, tensor<8x32x32x64xf32>) -> tensor<64x16x3x3xf32>
    ```
  }];
  let arguments = !con((ins Image:$input, Image:$output_grad), window);
  let results = (outs Kernel:$weight_grad);
  let hasVerifier = 1;
}
