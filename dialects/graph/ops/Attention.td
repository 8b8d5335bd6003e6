// Scaled dot-product attention in one operation, which a target may have a fused kernel for.

include "dialects/graph/GraphDialect.td"

class Graph_AttentionOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, traits # [
        DeclareOpInterfaceMethods<InferTypeOpInterface>,
        DeclareOpInterfaceMethods<WorkOpInterface, ["getFlops"]>,
        DeclareOpInterfaceMethods<ShardableOpInterface, ["getShardingRule", "localize"]>]> {
  dag settings = (ins UnitAttr:$causal, OptionalAttr<Real>:$scale,
    DefaultValuedAttr<RealBelowOne, "0.0">:$dropout, DefaultValuedAttr<Place, "0">:$site,
    OptionalAttr<Part>:$part);
  code scaleDeclaration = [{
    /// `scale`, or 1/sqrt(D) where none is given.
    double getScaleOrDefault();
  }];
}

def AttentionOp : Graph_AttentionOp<"attention", [
    DeclareOpInterfaceMethods<DifferentiableOpInterface>,
    DeclareOpInterfaceMethods<ModelOpInterface>,
    DeclareOpInterfaceMethods<RandomOpInterface>]> {
  let summary = "softmax(scale q kᵀ) v of each head, from q, k and v packed in one value";
  let description = [{
    q, k and v are [B, T, 3, H, D], the result is [B, T, H, D]. With `causal` position t sees
    positions up to t. Probabilities are dropped out at the rate `dropout` in training, which
    then has the state that keys them as an operand; in evaluation the rate is 0. `lse`
    [B, H, T], the logarithm of each softmax's denominator, is what the gradient needs to compute
    the probabilities again; it carries none itself. Batch and heads may be split.

    ```mlir
    %y, %lse = graph.attention %qkv {causal, dropout = 0.1}
             : (tensor<8x64x3x12x64xf32>) -> (tensor<8x64x12x64xf32>, tensor<8x12x64xf32>)
    ```
  }];
  let arguments = !con((ins Reals:$qkv, Optional<StepState>:$state), settings);
  let results = (outs Reals:$output, Singles:$lse);
  let hasVerifier = 1;
  let extraClassDeclaration = scaleDeclaration;
}

def AttentionGradOp : Graph_AttentionOp<"attention_grad"> {
  let summary = "gradient of graph.attention; the probabilities are computed again";
  let description = [{
    ```mlir
    %dqkv = graph.attention_grad %dy, %qkv, %y, %lse {causal}
          : (tensor<8x64x12x64xf32>, tensor<8x64x3x12x64xf32>, tensor<8x64x12x64xf32>,
             tensor<8x12x64xf32>) -> tensor<8x64x3x12x64xf32>
    ```
  }];
  let arguments = !con((ins Reals:$output_grad, Reals:$qkv, Reals:$output, Singles:$lse,
                            Optional<StepState>:$state), settings);
  let results = (outs Reals:$qkv_grad);
  let hasVerifier = 1;
  let extraClassDeclaration = scaleDeclaration;
}
