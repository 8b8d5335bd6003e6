// Dropout, and the state that keys all random numbers of a step.

include "dialects/graph/GraphDialect.td"

def StepStateOp : Graph_PureOp<"step_state", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "{seed, number of the step counted from 0}";
  let description = [{
    Stands where an operation reads it; `differentiate` makes one argument of the step of all.

    ```mlir
    %state = graph.step_state : () -> tensor<2xi64>
    ```
  }];
  let results = (outs StepState:$state);
}

def DropoutOp : Graph_Op<"dropout", [Pure, AllTypesMatch<["input", "output"]>,
    DeclareOpInterfaceMethods<ModelOpInterface>]> {
  let summary = "dropout, as a model has it; nothing in evaluation";
  let description = [{
    ```mlir
    %y = graph.dropout %x {rate = 0.1} : (tensor<8x64x128xf32>) -> tensor<8x64x128xf32>
    ```
  }];
  let arguments = (ins Reals:$input, RealBelowOne:$rate);
  let results = (outs Reals:$output);
}

def RandomDropoutOp : Graph_PureOp<"random_dropout", [AllTypesMatch<["input", "output"]>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>,
    DeclareOpInterfaceMethods<RandomOpInterface>,
    DeclareOpInterfaceMethods<WorkOpInterface, ["getFlops"]>,
    DeclareOpInterfaceMethods<ShardableOpInterface, ["getShardingRule", "localize"]>]> {
  let summary = "each element kept with probability 1 - rate and scaled by its inverse, else 0";
  let description = [{
    An element's random number depends on seed, step, site and the element's index in the whole
    tensor, of which a rank may hold a `part`. The gradient is the same of dy.

    ```mlir
    %y = graph.random_dropout %x, %state {rate = 0.1, site = 3 : i64}
       : (tensor<8x64x128xf32>, tensor<2xi64>) -> tensor<8x64x128xf32>
    ```
  }];
  let arguments = (ins Reals:$input, StepState:$state, RealBelowOne:$rate,
                       DefaultValuedAttr<Place, "0">:$site,
                       OptionalAttr<Part>:$part);
  let results = (outs Reals:$output);
}
