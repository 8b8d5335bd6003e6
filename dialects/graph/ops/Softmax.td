// Softmax over the last dimension, for those who write attention out.

include "dialects/graph/GraphDialect.td"

class Graph_SoftmaxOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, traits # [SameOperandsAndResultType,
        DeclareOpInterfaceMethods<WorkOpInterface, ["getFlops"]>,
        DeclareOpInterfaceMethods<ShardableOpInterface>]>;

def SoftmaxOp : Graph_SoftmaxOp<"softmax", [
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "exp(x) over its sum along the last dimension";
  let description = [{
    With `causal` the last two dimensions are queries and keys, and query i sees keys up to i;
    the others get 0.

    ```mlir
    %p = graph.softmax %scores {causal} : (tensor<8x12x64x64xf32>) -> tensor<8x12x64x64xf32>
    ```
  }];
  let arguments = (ins Reals:$input, UnitAttr:$causal);
  let results = (outs Reals:$output);
  let hasVerifier = 1;
}

def SoftmaxGradOp : Graph_SoftmaxOp<"softmax_grad"> {
  let summary = "gradient of graph.softmax, from its output";
  let description = [{
    ```mlir
    %ds = graph.softmax_grad %dp, %p
        : (tensor<8x12x64x64xf32>, tensor<8x12x64x64xf32>) -> tensor<8x12x64x64xf32>
    ```
  }];
  let arguments = (ins Reals:$output_grad, Reals:$output);
  let results = (outs Reals:$input_grad);
}
