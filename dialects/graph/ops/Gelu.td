// The Gaussian error linear unit, exact or by the tanh form.

include "dialects/graph/GraphDialect.td"

class Graph_GeluOp<string mnemonic, list<Trait> traits = []>
    : Graph_ElementwiseOp<mnemonic, traits # [
        DeclareOpInterfaceMethods<WorkOpInterface, ["getFlops"]>]> {
  let hasVerifier = 1;
}

def GeluOp : Graph_GeluOp<"gelu", [DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "x times the normal distribution's share below x";
  let description = [{
    `approximate` is PyTorch's: "none" for erf, "tanh" for GPT-2's form,
    x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).

    ```mlir
    %y = graph.gelu %x {approximate = "tanh"} : (tensor<8x64x512xf32>) -> tensor<8x64x512xf32>
    ```
  }];
  let arguments = (ins Reals:$input, DefaultValuedAttr<StrAttr, "\"none\"">:$approximate);
  let results = (outs Reals:$output);
}

def GeluGradOp : Graph_GeluOp<"gelu_grad"> {
  let summary = "gradient of graph.gelu, from its input";
  let description = [{
    ```mlir
    %dx = graph.gelu_grad %dy, %x {approximate = "tanh"}
        : (tensor<8x64x512xf32>, tensor<8x64x512xf32>) -> tensor<8x64x512xf32>
    ```
  }];
  let arguments = (ins Reals:$output_grad, Reals:$input,
                       DefaultValuedAttr<StrAttr, "\"none\"">:$approximate);
  let results = (outs Reals:$input_grad);
}
