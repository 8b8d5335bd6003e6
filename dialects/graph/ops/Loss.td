// The end of the forward pass: the loss, and how many answers were right.

include "dialects/graph/GraphDialect.td"

class Graph_LossOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, traits # [
        DeclareOpInterfaceMethods<WorkOpInterface, ["getFlops"]>,
        DeclareOpInterfaceMethods<ShardableOpInterface>]>;

def SoftmaxCrossEntropyOp : Graph_LossOp<"softmax_cross_entropy", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>,
    DeclareOpInterfaceMethods<LossOpInterface>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "mean cross-entropy of softmax(logits) against labels";
  let description = [{
    `count` divides the sum: the size of the whole batch. Rows with a negative label are left out
    of the sum.

    ```mlir
    %loss = graph.softmax_cross_entropy %logits, %labels {count = 8 : i64}
          : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
    ```
  }];
  let arguments = (ins Matrix:$logits, Labels:$labels, Count:$count,
                       DefaultValuedAttr<RealBelowOne, "0.0">:$label_smoothing);
  let results = (outs Scalar:$loss);
}

def SoftmaxCrossEntropyGradOp : Graph_LossOp<"softmax_cross_entropy_grad"> {
  let summary = "gradient of the mean cross-entropy by the logits";
  let description = [{
    Where a `scale` is given, of so many times the loss.

    ```mlir
    %d = graph.softmax_cross_entropy_grad %logits, %labels {count = 8 : i64}
       : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<8x10xf32>
    ```
  }];
  let arguments = (ins Matrix:$logits, Labels:$labels, Optional<Scalar>:$scale, Count:$count,
                       DefaultValuedAttr<RealBelowOne, "0.0">:$label_smoothing);
  let results = (outs Matrix:$logits_grad);
  let hasVerifier = 1;
}

def CountCorrectOp : Graph_LossOp<"count_correct", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "rows whose largest logit is the label's";
  let description = [{
    ```mlir
    %n = graph.count_correct %logits, %labels : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
    ```
  }];
  let arguments = (ins Matrix:$logits, Labels:$labels);
  let results = (outs Scalar:$correct);
}
