// Sums and maxima over dimensions, which stay at size 1, and the repetition along dimensions of
// size 1: a sum's gradient, and the other way round.

include "dialects/graph/GraphDialect.td"

class Graph_ReductionOp<string mnemonic>
    : Graph_PureOp<mnemonic, [
        DeclareOpInterfaceMethods<InferTypeOpInterface>,
        DeclareOpInterfaceMethods<DifferentiableOpInterface>,
        DeclareOpInterfaceMethods<WorkOpInterface, ["getFlops"]>,
        DeclareOpInterfaceMethods<ShardableOpInterface>]> {
  let description = "```mlir\n%s = graph." # mnemonic # [{ %x {dims = array<i64: 1, 2>}
   : (tensor<8x32x32x64xf32>) -> tensor<8x1x1x64xf32>
```}];
  let arguments = (ins Reals:$input, Places:$dims);
  let results = (outs Reals:$output);
}

def SumOp : Graph_ReductionOp<"sum"> {
  let summary = "sum over dimensions; of partial sums too";
}

def MaxOp : Graph_ReductionOp<"max"> {
  let summary = "largest element over dimensions; equal ones share the gradient";
}

def ExpandOp : Graph_PureOp<"expand", [WorkOpInterface,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>,
    DeclareOpInterfaceMethods<ShardableOpInterface>]> {
  let summary = "a value repeated along dimensions of size 1; partial sums too";
  let description = [{
    ```mlir
    %y = graph.expand %s : (tensor<8x1x1x64xf32>) -> tensor<8x32x32x64xf32>
    ```
  }];
  let arguments = (ins Reals:$input);
  let results = (outs Reals:$output);
  let hasVerifier = 1;
}
