// Rows of a table, looked up by token. Where the vocabulary is split a rank knows some tokens.

include "dialects/graph/GraphDialect.td"

class Graph_EmbeddingOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, traits # [WorkOpInterface,
        DeclareOpInterfaceMethods<ShardableOpInterface, ["getShardingRule", "localize"]>]>;

def EmbeddingOp : Graph_EmbeddingOp<"embedding", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "the table's row of each token";
  let description = [{
    The vocabulary is summed over: a rank that holds part of the table gives zeros for tokens
    that it does not know, and ranks add theirs. `part` says which part that is. The row of a
    token that is `padding` gets no gradient.

    ```mlir
    %y = graph.embedding %tokens, %table
       : (tensor<8x64xi32>, tensor<50304x768xf32>) -> tensor<8x64x768xf32>
    ```
  }];
  let arguments = (ins Tokens:$tokens, WeightMatrix:$table, OptionalAttr<Place>:$padding,
                       OptionalAttr<Part>:$part);
  let results = (outs Reals:$output);
}

def EmbeddingGradOp : Graph_EmbeddingOp<"embedding_grad"> {
  let summary = "gradient of graph.embedding: of each row of the table the sum over its tokens";
  let description = [{
    ```mlir
    %dtable = graph.embedding_grad %tokens, %dy
            : (tensor<8x64xi32>, tensor<8x64x768xf32>) -> tensor<50304x768xf32>
    ```
  }];
  let arguments = (ins Tokens:$tokens, Reals:$output_grad, OptionalAttr<Place>:$padding,
                       OptionalAttr<Part>:$part);
  let results = (outs WeightMatrix:$table_grad);
  let hasVerifier = 1;
}
