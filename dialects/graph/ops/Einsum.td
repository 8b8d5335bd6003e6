// Contractions of two tensors: matrix products, linear layers and batched products in one.

include "dialects/graph/GraphDialect.td"

def EinsumOp : Graph_PureOp<"einsum", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>,
    DeclareOpInterfaceMethods<WorkOpInterface, ["getFlops"]>,
    DeclareOpInterfaceMethods<ShardableOpInterface>]> {
  let summary = "sum of products over the letters that the result lacks";
  let description = [{
    A letter names a dimension of each term it stands in and has one size. Every letter may be
    split; one that is summed over then leaves the result unreduced. The gradients are einsums.

    Factors of 16 bits and of 32, an activation and a weight, are multiplied as 16-bit ones, and
    so is the result. It may be f32 all the same, as a weight's gradient is: then the sums lose
    nothing.

    ```mlir
    %qkv = graph.einsum "btc,cqhd->btqhd" %x, %w                   // a projection to q, k and v
         : (tensor<8x1024x768xf32>, tensor<768x3x12x64xf32>) -> tensor<8x1024x3x12x64xf32>
    %scores = graph.einsum "bthd,bshd->bhts" %q, %k                // batched over b and h
            : (tensor<8x64x12x64xf32>, tensor<8x64x12x64xf32>) -> tensor<8x12x64x64xf32>
    ```
  }];
  let arguments = (ins StrAttr:$equation, Reals:$lhs, Reals:$rhs);
  let results = (outs Reals:$result);
  let extraClassDeclaration = [{
    /// Whether a result may be of `given`: the inferred type, or that in f32.
    static bool isCompatibleReturnTypes(::mlir::TypeRange inferred, ::mlir::TypeRange given);
  }];
  let assemblyFormat = "$equation operands attr-dict `:` functional-type(operands, results)";
}
