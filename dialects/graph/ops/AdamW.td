// AdamW: the optimizer as a module attribute, and its update.

include "dialects/graph/GraphDialect.td"

def Graph_AdamWAttr : AttrDef<Graph_Dialect, "AdamW", [
    DeclareAttrInterfaceMethods<OptimizerAttrInterface, ["emitUpdate", "stepsName",
      "largestNorm", "startingLearningRate"]>]> {
  let mnemonic = "adamw";
  let summary = "the optimizer: `#graph.adamw<learning_rate = 3.0e-4, weight_decay = 0.1>`";
  let description = [{
    As torch.optim.AdamW. Weight decay leaves out parameters that are stored with fewer than two
    dimensions: biases and the parameters of norms. With `clip` above 0 all gradients are first
    scaled so that the norm of all of them together is at most that, as
    torch.nn.utils.clip_grad_norm_ does.
  }];
  let parameters = (ins "::autopar::graph::Number":$learning_rate,
                        DefaultValuedParameter<"::autopar::graph::Number", "::autopar::graph::Number(0.9)">:$beta1,
                        DefaultValuedParameter<"::autopar::graph::Number", "::autopar::graph::Number(0.999)">:$beta2,
                        DefaultValuedParameter<"::autopar::graph::Number", "::autopar::graph::Number(1e-8)">:$epsilon,
                        DefaultValuedParameter<"::autopar::graph::Number", "::autopar::graph::Number(0.01)">:$weight_decay,
                        DefaultValuedParameter<"::autopar::graph::Number", "::autopar::graph::Number(0.0)">:$clip);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def AdamWOp : Graph_PureOp<"adamw", [UpdateOpInterface,
    DeclareOpInterfaceMethods<WorkOpInterface, ["getFlops"]>,
    DeclareOpInterfaceMethods<ShardableOpInterface>,
    AllTypesMatch<["parameter", "gradient", "first_moment", "second_moment", "new_parameter",
                   "new_first_moment", "new_second_moment"]>]> {
  let summary = "one parameter and its two moments after one step";
  let description = [{
    The bias correction is that of step `state[1]` + 1. Where `factor` is given, the gradient is
    multiplied by it first; 0 leaves everything as it was.

    ```mlir
    %w1, %m1, %v1 = graph.adamw %w0, %g, %lr, %state, %m0, %v0, %factor
                    {beta1 = 0.9, beta2 = 0.95, epsilon = 1.0e-8, weight_decay = 0.1}
        : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<2xi64>, tensor<64xf32>,
           tensor<64xf32>, tensor<f32>) -> (tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
    ```
  }];
  let arguments = (ins Singles:$parameter, Singles:$gradient, Scalar:$learning_rate,
                       StepState:$state, Singles:$first_moment, Singles:$second_moment,
                       Optional<Scalar>:$factor, RealBelowOne:$beta1, RealBelowOne:$beta2,
                       RealAtLeastZero:$epsilon, DefaultValuedAttr<RealAtLeastZero, "0.0">:$weight_decay);
  let results = (outs Singles:$new_parameter, Singles:$new_first_moment, Singles:$new_second_moment);
}
