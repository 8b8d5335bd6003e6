// Pooling over windows and over whole images, and flattening what is left.

include "dialects/graph/GraphDialect.td"

class Graph_PoolOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, traits # [
        DeclareOpInterfaceMethods<WorkOpInterface, ["getFlops"]>,
        DeclareOpInterfaceMethods<ShardableOpInterface>]> {
  dag window = (ins Sizes:$kernel,
    DefaultValuedAttr<Sizes, "{1, 1}">:$strides,
    DefaultValuedAttr<Places, "{0, 0, 0, 0}">:$padding);
}

def MaxPoolOp : Graph_PoolOp<"max_pool", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "largest element of each window, and where in the window it was";
  let description = [{
    ```mlir
    %y, %where = graph.max_pool %x {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>,
                                    padding = array<i64: 1, 1, 1, 1>}
       : (tensor<8x112x112x64xf32>) -> (tensor<8x56x56x64xf32>, tensor<8x56x56x64xi8>)
    ```
  }];
  let arguments = !con((ins Image:$input), window);
  let results = (outs Image:$output, Indices:$indices);
  let hasVerifier = 1;
}

def MaxPoolGradOp : Graph_PoolOp<"max_pool_grad", [
    AllElementTypesMatch<["output_grad", "input_grad"]>]> {
  let summary = "sends each output's gradient to the element that was largest";
  let description = [{
    ```mlir
    %dx = graph.max_pool_grad %dy, %where {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>}
        : (tensor<8x16x16x64xf32>, tensor<8x16x16x64xi8>) -> tensor<8x32x32x64xf32>
    ```
  }];
  let arguments = !con((ins Image:$output_grad, Indices:$indices), window);
  let results = (outs Image:$input_grad);
  let hasVerifier = 1;
}

def AvgPoolOp : Graph_PoolOp<"avg_pool", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "mean of each window";
  let description = [{
    ```mlir
    %y = graph.avg_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>}
       : (tensor<8x32x32x64xf32>) -> tensor<8x16x16x64xf32>
    ```
  }];
  let arguments = !con((ins Image:$input), window,
                       (ins DefaultValuedAttr<BoolAttr, "true">:$count_include_pad));
  let results = (outs Image:$output);
}

def AvgPoolGradOp : Graph_PoolOp<"avg_pool_grad", [
    AllElementTypesMatch<["output_grad", "input_grad"]>]> {
  let summary = "gradient of graph.avg_pool";
  let description = [{
    ```mlir
    %dx = graph.avg_pool_grad %dy {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>}
        : (tensor<8x16x16x64xf32>) -> tensor<8x32x32x64xf32>
    ```
  }];
  let arguments = !con((ins Image:$output_grad), window,
                       (ins DefaultValuedAttr<BoolAttr, "true">:$count_include_pad));
  let results = (outs Image:$input_grad);
  let hasVerifier = 1;
}

class Graph_WholeImageOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, traits # [WorkOpInterface,
        DeclareOpInterfaceMethods<ShardableOpInterface>]>;

def GlobalAvgPoolOp : Graph_WholeImageOp<"global_avg_pool", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "mean of each channel over the image";
  let description = [{
    ```mlir
    %y = graph.global_avg_pool %x : (tensor<8x7x7x512xf32>) -> tensor<8x512xf32>
    ```
  }];
  let arguments = (ins Image:$input);
  let results = (outs Matrix:$output);
}

def GlobalAvgPoolGradOp : Graph_WholeImageOp<"global_avg_pool_grad", [
    AllElementTypesMatch<["output_grad", "input_grad"]>]> {
  let summary = "spreads each channel's gradient evenly over the image";
  let description = [{
    ```mlir
    %dx = graph.global_avg_pool_grad %dy : (tensor<8x512xf32>) -> tensor<8x7x7x512xf32>
    ```
  }];
  let arguments = (ins Matrix:$output_grad);
  let results = (outs Image:$input_grad);
  let hasVerifier = 1;
}

def FlattenOp : Graph_WholeImageOp<"flatten", [
    DeclareOpInterfaceMethods<WorkOpInterface, ["isView"]>,
    DeclareOpInterfaceMethods<InferTypeOpInterface>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "each image as one row, in memory order (H, W, C)";
  let description = [{
    ```mlir
    %y = graph.flatten %x : (tensor<8x1x1x512xf32>) -> tensor<8x512xf32>
    ```
  }];
  let arguments = (ins Image:$input);
  let results = (outs Matrix:$output);
}

def UnflattenOp : Graph_WholeImageOp<"unflatten", [
    DeclareOpInterfaceMethods<WorkOpInterface, ["isView"]>,
    AllElementTypesMatch<["output_grad", "input_grad"]>]> {
  let summary = "gradient of graph.flatten";
  let description = [{
    ```mlir
    %dx = graph.unflatten %dy : (tensor<8x512xf32>) -> tensor<8x1x1x512xf32>
    ```
  }];
  let arguments = (ins Matrix:$output_grad);
  let results = (outs Image:$input_grad);
  let hasVerifier = 1;
}
