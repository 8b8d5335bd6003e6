// The end of the forward pass: the loss, how many labels it is a mean over, and how many answers
// were right.

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
    `count` divides the sum: the size of the whole batch, or 1 where the number of labels that
    are kept divides it. Rows with a negative label are left out of the sum.

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

def LossOp : Graph_PureOp<"loss", [
    SameOperandsAndResultType, WorkOpInterface,
    DeclareOpInterfaceMethods<LossOpInterface, ["countKept"]>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>,
    DeclareOpInterfaceMethods<ShardableOpInterface>]> {
  let summary = "a number that is computed, as the loss of a model";
  let description = [{
    Any scalar may be made small: a sum of losses, a mean of squares. `count` divides it: the
    number of micro-batches, whose shares add up to their mean.

    ```mlir
    %sum = graph.add %main, %auxiliary : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %loss = graph.loss %sum : (tensor<f32>) -> tensor<f32>
    ```
  }];
  let arguments = (ins Scalar:$value, DefaultValuedAttr<Count, "1">:$count);
  let results = (outs Scalar:$loss);
}

def CountKeptOp : Graph_LossOp<"count_kept", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "how many labels are not negative";
  let description = [{
    What PyTorch's mean over labels is taken over: those that are not left out.

    ```mlir
    %n = graph.count_kept %labels : (tensor<8x64xi32>) -> tensor<f32>
    %sum = graph.softmax_cross_entropy … {count = 1 : i64}
    %mean = graph.div %sum, %n : (tensor<f32>, tensor<f32>) -> tensor<f32>
    ```
  }];
  let arguments = (ins Tokens:$labels);
  let results = (outs Scalar:$kept);
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
