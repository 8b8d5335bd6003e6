// Layer normalization over the last dimension, forward and backward.

include "dialects/graph/GraphDialect.td"

class Graph_LayerNormOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, traits # [
        DeclareOpInterfaceMethods<InferTypeOpInterface>,
        DeclareOpInterfaceMethods<WorkOpInterface, ["getFlops"]>,
        DeclareOpInterfaceMethods<ShardableOpInterface>]>;

def LayerNormOp : Graph_LayerNormOp<"layer_norm", [
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "each row less its mean, over its deviation, times gamma plus beta";
  let description = [{
    A row is the last dimension. `mean` and `rstd` (1 / deviation) are what the gradient needs;
    they carry none themselves.

    ```mlir
    %y, %mean, %rstd = graph.layer_norm %x, %gamma, %beta {epsilon = 1.0e-5}
        : (tensor<8x64x128xf32>, tensor<128xf32>, tensor<128xf32>)
        -> (tensor<8x64x128xf32>, tensor<8x64xf32>, tensor<8x64xf32>)
    ```
  }];
  let arguments = (ins Reals:$input, Channels:$gamma, Channels:$beta,
                       DefaultValuedAttr<RealAtLeastZero, "1.0e-5">:$epsilon);
  let results = (outs Reals:$output, Singles:$mean, Singles:$rstd);
}

def LayerNormGradInputOp : Graph_LayerNormOp<"layer_norm_grad_input"> {
  let summary = "gradient of graph.layer_norm by its input";
  let description = [{
    ```mlir
    %dx = graph.layer_norm_grad_input %dy, %x, %gamma, %mean, %rstd
        : (tensor<8x64x128xf32>, tensor<8x64x128xf32>, tensor<128xf32>, tensor<8x64xf32>,
           tensor<8x64xf32>) -> tensor<8x64x128xf32>
    ```
  }];
  let arguments = (ins Reals:$output_grad, Reals:$input, Channels:$gamma, Singles:$mean,
                       Singles:$rstd);
  let results = (outs Reals:$input_grad);
}

def LayerNormGradParametersOp : Graph_LayerNormOp<"layer_norm_grad_parameters"> {
  let summary = "gradients of graph.layer_norm by gamma and beta: sums over all rows";
  let description = [{
    ```mlir
    %dgamma, %dbeta = graph.layer_norm_grad_parameters %dy, %x, %mean, %rstd
        : (tensor<8x64x128xf32>, tensor<8x64x128xf32>, tensor<8x64xf32>, tensor<8x64xf32>)
        -> (tensor<128xf32>, tensor<128xf32>)
    ```
  }];
  let arguments = (ins Reals:$output_grad, Reals:$input, Singles:$mean, Singles:$rstd);
  let results = (outs Channels:$gamma_grad, Channels:$beta_grad);
}
