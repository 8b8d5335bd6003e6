// Gradients of several micro-batches, added up before the parameters are updated.

include "dialects/graph/GraphDialect.td"

def AccumulateOp : Graph_PureOp<"accumulate", [
    SameOperandsAndResultType, UpdateOpInterface,
    WorkOpInterface,
    DeclareOpInterfaceMethods<ShardableOpInterface>]> {
  let summary = "the sum of the gradients so far and one more";
  let description = [{
    The sum is complete, not unreduced: it waits for other micro-batches.

    ```mlir
    %sum = graph.accumulate %total, %g : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
    graph.assign "fc.weight.total_grad" = %sum : tensor<64xf32>
    ```
  }];
  let arguments = (ins Singles:$total, Singles:$gradient);
  let results = (outs Singles:$sum);
}

def ZerosOp : Graph_PureOp<"zeros", [
    UpdateOpInterface,
    DeclareOpInterfaceMethods<WorkOpInterface>,
    DeclareOpInterfaceMethods<ShardableOpInterface>]> {
  let summary = "a tensor of zeros";
  let description = [{
    ```mlir
    %zeros = graph.zeros : () -> tensor<64xf32>
    ```
  }];
  let results = (outs Singles:$result);
}
