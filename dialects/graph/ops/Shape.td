// The same numbers in another arrangement: reshape, transpose, slices and what undoes them. All
// are linear and pass partial sums on, but for a pad with other numbers than zero. Tokens are
// rearranged as values are; only values have gradients.

include "dialects/graph/GraphDialect.td"

class Graph_ShapeOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, traits # [WorkOpInterface,
        DeclareOpInterfaceMethods<DifferentiableOpInterface>,
        DeclareOpInterfaceMethods<ShardableOpInterface>]>;

def ReshapeOp : Graph_ShapeOp<"reshape", [
    DeclareOpInterfaceMethods<WorkOpInterface, ["isView"]>]> {
  let summary = "the same elements, in memory order, under another shape";
  let description = [{
    Dimensions that stay may be split; of dimensions that are merged or come apart the leading
    one, whose blocks are runs of memory.

    ```mlir
    %y = graph.reshape %x : (tensor<8x64x3x12x64xf32>) -> tensor<8x64x2304xf32>
    ```
  }];
  let arguments = (ins Movables:$input);
  let results = (outs Movables:$output);
  let hasVerifier = 1;
}

def TransposeOp : Graph_ShapeOp<"transpose", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "dimensions in another order: y's dimension i is x's dimension permutation[i]";
  let description = [{
    ```mlir
    %y = graph.transpose %x {permutation = array<i64: 0, 2, 1, 3>}
       : (tensor<8x64x12x32xf32>) -> tensor<8x12x64x32xf32>
    ```
  }];
  let arguments = (ins Movables:$input, Places:$permutation);
  let results = (outs Movables:$output);
}

def SliceOp : Graph_ShapeOp<"slice", [DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "`length` of a dimension's indices from `begin` on";
  let description = [{
    ```mlir
    %y = graph.slice %x {dim = 0 : i64, begin = 0 : i64, length = 64 : i64}
       : (tensor<1024x768xf32>) -> tensor<64x768xf32>
    ```
  }];
  let arguments = (ins Movables:$input, Place:$dim, Place:$begin, Size:$length);
  let results = (outs Movables:$output);
}

def PadOp : Graph_ShapeOp<"pad", [DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "a tensor from index `begin` of a dimension of size `whole` on, a number elsewhere";
  let description = [{
    The number is `value`, zero where none is given.

    ```mlir
    %dx = graph.pad %dy {dim = 0 : i64, begin = 0 : i64, whole = 1024 : i64}
        : (tensor<64x768xf32>) -> tensor<1024x768xf32>
    %next = graph.pad %l {dim = 1 : i64, begin = 0 : i64, whole = 64 : i64, value = -100.0}
          : (tensor<8x63xi32>) -> tensor<8x64xi32>
    ```
  }];
  let arguments = (ins Movables:$input, Place:$dim, Place:$begin, Size:$whole,
                       DefaultValuedAttr<Real, "0.0">:$value);
  let results = (outs Movables:$output);
  let hasVerifier = 1;
}

def ConcatOp : Graph_ShapeOp<"concat", [DeclareOpInterfaceMethods<InferTypeOpInterface>,
    SameOperandsAndResultElementType]> {
  let summary = "values one after the other along a dimension";
  let description = [{
    ```mlir
    %y = graph.concat %a, %b {dim = 2 : i64}
       : (tensor<8x64x128xf32>, tensor<8x64x64xf32>) -> tensor<8x64x192xf32>
    ```
  }];
  let arguments = (ins Variadic<Movables>:$inputs, Place:$dim);
  let results = (outs Movables:$output);
}
