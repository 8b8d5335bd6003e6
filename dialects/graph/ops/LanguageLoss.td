// The loss of a language model, in parts that meet at three numbers a row and block of the
// vocabulary: a split vocabulary never gathers its logits.

include "dialects/graph/GraphDialect.td"

def LanguageLossOp : Graph_Op<"language_loss", [Pure,
    DeclareOpInterfaceMethods<ModelOpInterface>]> {
  let summary = "mean cross-entropy of softmax(logits) against labels, as a model has it";
  let description = [{
    `count` divides the sum: the number of positions of the whole batch. Those with a negative
    label are left out of the sum. Only the first `valid` classes count; those behind them pad
    the vocabulary.

    ```mlir
    %loss = graph.language_loss %logits, %labels {count = 512 : i64, valid = 50257 : i64}
          : (tensor<8x64x50304xf32>, tensor<8x64xi32>) -> tensor<f32>
    ```
  }];
  let arguments = (ins Reals:$logits, Tokens:$labels, Count:$count, Size:$valid);
  let results = (outs Scalar:$loss);
  let hasVerifier = 1;
}

def VocabularySumsOp : Graph_PureOp<"vocabulary_sums", [
    DeclareOpInterfaceMethods<WorkOpInterface, ["getFlops"]>,
    DeclareOpInterfaceMethods<ShardableOpInterface, ["getShardingRule", "localize", "fitTo"]>]> {
  let summary = "of each row and block of classes the largest logit, the sum of exp(logit - "
                "largest), and the label's logit";
  let description = [{
    In double precision, over valid classes. The vocabulary comes in equal blocks, the result's
    last but one dimension, for sums that are relative to different logits do not add up: a rank
    has whole blocks, and who wants the row's sums gathers them. A block without the label has 0
    as its third number; one without valid classes has the least f32 as its largest. There is one
    block until the mesh is known; then as many as it may be split into. `part` says which part
    of the logits a rank holds, once it is known.

    ```mlir
    %sums = graph.vocabulary_sums %logits, %labels {valid = 50257 : i64}
          : (tensor<8x64x50304xf32>, tensor<8x64xi32>) -> tensor<8x64x4x3xf64>
    ```
  }];
  let arguments = (ins Reals:$logits, Tokens:$labels, Size:$valid,
                       OptionalAttr<Part>:$part);
  let results = (outs DoubleSums:$sums);
  let hasVerifier = 1;
}

def CrossEntropyOfSumsOp : Graph_PureOp<"cross_entropy_of_sums", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>,
    DeclareOpInterfaceMethods<LossOpInterface>,
    DeclareOpInterfaceMethods<WorkOpInterface, ["getFlops"]>,
    DeclareOpInterfaceMethods<ShardableOpInterface>]> {
  let summary = "mean over rows of log(sum of exp) + the largest logit - the label's";
  let description = [{
    Its gradient goes to the logits that the sums were made of, in one operation.

    ```mlir
    %loss = graph.cross_entropy_of_sums %sums, %labels {count = 512 : i64}
          : (tensor<8x64x4x3xf64>, tensor<8x64xi32>) -> tensor<f32>
    ```
  }];
  let arguments = (ins DoubleSums:$sums, Tokens:$labels, Count:$count);
  let results = (outs Scalar:$loss);
  let hasVerifier = 1;
}

def CrossEntropyOfSumsGradOp : Graph_PureOp<"cross_entropy_of_sums_grad", [
    AllTypesMatch<["logits", "logits_grad"]>,
    DeclareOpInterfaceMethods<WorkOpInterface, ["getFlops"]>,
    DeclareOpInterfaceMethods<ShardableOpInterface, ["getShardingRule", "localize"]>]> {
  let summary = "gradient of the mean cross-entropy by the logits, in their place";
  let description = [{
    (exp(logit - largest) / sum - 1 at the label) / count; 0 in padding classes and in rows with
    a negative label. Where a `scale` is given, so many times that.

    ```mlir
    %d = graph.cross_entropy_of_sums_grad %logits, %labels, %sums
         {count = 512 : i64, valid = 50257 : i64}
       : (tensor<8x64x50304xf32>, tensor<8x64xi32>, tensor<8x64x4x3xf64>)
       -> tensor<8x64x50304xf32>
    ```
  }];
  let arguments = (ins Reals:$logits, Tokens:$labels, DoubleSums:$sums,
                       Optional<Scalar>:$scale, Count:$count, Size:$valid,
                       OptionalAttr<Part>:$part);
  let results = (outs Reals:$logits_grad);
  let hasVerifier = 1;
}
