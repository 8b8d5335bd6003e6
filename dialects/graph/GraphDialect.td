// The graph dialect: the network's operations, forward, backward and update, on tensors.

#ifndef AUTOPAR_GRAPH_DIALECT_TD
#define AUTOPAR_GRAPH_DIALECT_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialects/dist/Constraints.td"
include "dialects/graph/Interfaces.td"

def Graph_Dialect : Dialect {
  let name = "graph";
  let cppNamespace = "::autopar::graph";
  let summary = "operations of a neural network's training step";
  let description = [{
    A network as its users think of it: convolutions, normalizations, losses, parameters. Each
    operation owns its facts: the types of its results, its gradient, its sharding rule and its
    work. Activations are channels-last, `[N, H, W, C]`; convolution weights are
    `[out, in / groups, KH, KW]` and linear weights `[out, in]`, as PyTorch stores them.

    A value is named by its location:

    ```mlir
    %y = graph.conv2d %x, %w {padding = array<i64: 1, 1, 1, 1>}
       : (tensor<8x32x32x3xf32>, tensor<64x3x3x3xf32>) -> tensor<8x32x32x64xf32> loc("conv1")
    ```
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
}

class Graph_Op<string mnemonic, list<Trait> traits = []>
    : Op<Graph_Dialect, mnemonic, traits # [StaticShapes]> {
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

/// An operation that computes: it has work to cost and can be split.
class Graph_PureOp<string mnemonic, list<Trait> traits = []>
    : Graph_Op<mnemonic, traits # [Pure]>;

// Activations and their gradients are of one type throughout a network. Parameters, their
// gradients, statistics and losses are f32 (Singles) or wider whatever that type is.
defvar activationTypes = [F32, BF16, F16];

// Activations [N, H, W, C]; matrices [rows, columns]; one number a channel; sums [2, C] in double
// precision, so that ranks can add theirs without loss.
def Image : TensorRankOf<activationTypes, [4]>;
def Kernel : TensorRankOf<[F32], [4]>;
def Matrix : TensorRankOf<activationTypes, [2]>;
def WeightMatrix : TensorRankOf<[F32], [2]>;
def Channels : TensorRankOf<[F32], [1]>;
def ChannelSums : TensorRankOf<[F64], [2]>;
def Labels : TensorRankOf<[I32], [1]>;
def Scalar : TensorRankOf<[F32], [0]>;
def Indices : TensorRankOf<[I8], [4]>;

// Of any rank: values; what is only moved, tokens too; tokens or classes of each row; sums in
// double precision. And what keys random numbers: the seed and the number of the step.
def Reals : RankedTensorOf<activationTypes>;
def Movables : RankedTensorOf<!listconcat(activationTypes, [I32])>;
def Singles : RankedTensorOf<[F32]>;
def Tokens : RankedTensorOf<[I32]>;
def DoubleSums : RankedTensorOf<[F64]>;
def DoubleScalar : TensorRankOf<[F64], [0]>;
def StepState : TensorRankOf<[I64], [1]>;

/// Which block of a whole tensor a rank holds: the dist dialect's attribute.
def Part : Attr<CPred<"::llvm::isa<::autopar::dist::PartAttr>($_self)">, "a #dist.part"> {
  let storageType = "::autopar::dist::PartAttr";
  let returnType = "::autopar::dist::PartAttr";
  let convertFromStorage = "$_self";
}

#endif
