// Fully connected layers: y = x wᵀ, and the bias beside it.

include "dialects/graph/GraphDialect.td"

class Graph_LinearOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, traits # [
        DeclareOpInterfaceMethods<WorkOpInterface, ["getFlops"]>,
        DeclareOpInterfaceMethods<ShardableOpInterface>]>;

def LinearOp : Graph_LinearOp<"linear", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "y[n, o] = sum over i of x[n, i] w[o, i]";
  let description = [{
    ```mlir
    %y = graph.linear %x, %w : (tensor<8x512xf32>, tensor<10x512xf32>) -> tensor<8x10xf32>
    ```
  }];
  let arguments = (ins Matrix:$input, WeightMatrix:$weight);
  let results = (outs Matrix:$output);
}

def LinearInputGradOp : Graph_LinearOp<"linear_input_grad", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "dx[n, i] = sum over o of dy[n, o] w[o, i]";
  let description = [{
    ```mlir
    %dx = graph.linear_input_grad %dy, %w
        : (tensor<8x10xf32>, tensor<10x512xf32>) -> tensor<8x512xf32>
    ```
  }];
  let arguments = (ins Matrix:$output_grad, WeightMatrix:$weight);
  let results = (outs Matrix:$input_grad);
}

def LinearWeightGradOp : Graph_LinearOp<"linear_weight_grad", [
    AllElementTypesMatch<["input", "output_grad"]>,
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "dw[o, i] = sum over n of dy[n, o] x[n, i]";
  let description = [{
    ```mlir
    %dw = graph.linear_weight_grad %x, %dy
        : (tensor<8x512xf32>, tensor<8x10xf32>) -> tensor<10x512xf32>
    ```
  }];
  let arguments = (ins Matrix:$input, Matrix:$output_grad);
  let results = (outs WeightMatrix:$weight_grad);
}

def BiasAddOp : Graph_LinearOp<"bias_add", [AllTypesMatch<["input", "output"]>,
    DeclareOpInterfaceMethods<WorkOpInterface, ["getFlops"]>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "adds a value that stands on the trailing dimensions to every row";
  let description = [{
    ```mlir
    %z = graph.bias_add %y, %b : (tensor<8x10xf32>, tensor<10xf32>) -> tensor<8x10xf32>
    %x = graph.bias_add %e, %positions                     // position t in every sample
       : (tensor<8x64x128xf32>, tensor<64x128xf32>) -> tensor<8x64x128xf32>
    ```
  }];
  let arguments = (ins Reals:$input, Singles:$bias);
  let results = (outs Reals:$output);
  let hasVerifier = 1;
}

def BiasGradOp : Graph_LinearOp<"bias_grad", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "sum over all but the last `bias_rank` dimensions";
  let description = [{
    ```mlir
    %db = graph.bias_grad %dy : (tensor<8x10xf32>) -> tensor<10xf32>
    %dp = graph.bias_grad %dx {bias_rank = 2 : i64}
        : (tensor<8x64x128xf32>) -> tensor<64x128xf32>
    ```
  }];
  let arguments = (ins Reals:$output_grad, DefaultValuedAttr<Size, "1">:$bias_rank);
  let results = (outs Singles:$bias_grad);
}
