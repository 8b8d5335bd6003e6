// Stochastic gradient descent with momentum: the optimizer as a module attribute, and its update.

include "dialects/graph/GraphDialect.td"

def Graph_SgdAttr : AttrDef<Graph_Dialect, "Sgd", [
    DeclareAttrInterfaceMethods<OptimizerAttrInterface, ["emitUpdate", "stepsName",
      "startingLearningRate"]>]> {
  let mnemonic = "sgd";
  let summary = "the optimizer: `#graph.sgd<learning_rate = 0.1, momentum = 0.9>`";
  let parameters = (ins "::autopar::graph::Number":$learning_rate,
                        DefaultValuedParameter<"::autopar::graph::Number", "::autopar::graph::Number(0.0)">:$momentum,
                        DefaultValuedParameter<"::autopar::graph::Number", "::autopar::graph::Number(0.0)">:$dampening,
                        DefaultValuedParameter<"::autopar::graph::Number", "::autopar::graph::Number(0.0)">:$weight_decay,
                        DefaultValuedParameter<"bool", "false">:$nesterov);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def SgdOp : Graph_PureOp<"sgd", [UpdateOpInterface, AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<WorkOpInterface, ["getFlops"]>,
    DeclareOpInterfaceMethods<ShardableOpInterface>,
    AllTypesMatch<["parameter", "gradient", "new_parameter"]>]> {
  let summary = "one parameter after one step";
  let description = [{
    PyTorch's update. Without momentum there is neither `velocity` nor `new_velocity`. With
    dampening there is the `state`: step 0 by its second number is the velocity's first, which
    takes the whole gradient. Where `factor` is given, the gradient is multiplied by it first; 0
    leaves everything as it was.

    ```mlir
    %w1, %m1 = graph.sgd %w0, %g, %lr, %m0 by %factor {momentum = 0.9, weight_decay = 1.0e-4}
        : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<64xf32>, tensor<f32>)
        -> (tensor<64xf32>, tensor<64xf32>)
    ```
  }];
  let arguments = (ins Singles:$parameter, Singles:$gradient, Scalar:$learning_rate,
                       Optional<Singles>:$velocity, Optional<StepState>:$state,
                       Optional<Scalar>:$factor,
                       DefaultValuedAttr<RealAtLeastZero, "0.0">:$momentum,
                       DefaultValuedAttr<Share, "0.0">:$dampening,
                       DefaultValuedAttr<RealAtLeastZero, "0.0">:$weight_decay, UnitAttr:$nesterov);
  let results = (outs Singles:$new_parameter, Optional<Singles>:$new_velocity);
  let assemblyFormat = [{
    $parameter `,` $gradient `,` $learning_rate (`,` $velocity^)? (`at` $state^)?
    (`by` $factor^)? attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}
