// The dist dialect: meshes, shardings, and the collectives of an SPMD program.

#ifndef AUTOPAR_DIST_TD
#define AUTOPAR_DIST_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialects/dist/Constraints.td"
include "dialects/dist/Interfaces.td"

def Dist_Dialect : Dialect {
  let name = "dist";
  let cppNamespace = "::autopar::dist";
  let summary = "device meshes, shardings and collectives";
  let description = [{
    A module names its mesh once, in `dist.mesh`; axes are called x, y and z, major first. A plan
    is written on operations as the shardings of their operands and results; `partition` turns
    it into local shapes and the collectives below, which mean what the upstream `shard` dialect's
    mean.

    ```mlir
    module attributes {dist.mesh = #dist.mesh<x = 2, y = 4>} { … }
    #dist.sharding<[{x, y}, {} ]>                 // S01R: rows split over both axes
    #dist.sharding<[{}, {x} ], unreduced {y}>       // RS0|U1: partial sums along y
    ```
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
}

def Dist_MeshAttr : AttrDef<Dist_Dialect, "Mesh"> {
  let mnemonic = "mesh";
  let summary = "the sizes of a mesh's one to three axes: `#dist.mesh<x = 2, y = 4>`";
  let parameters = (ins ArrayRefParameter<"int64_t">:$sizes);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    ::autopar::Mesh mesh() const { return ::autopar::Mesh(getSizes()); }
  }];
}

def Dist_ShardingAttr : AttrDef<Dist_Dialect, "Sharding"> {
  let mnemonic = "sharding";
  let summary = "where a tensor lies: for each dimension the axes that split it, outermost first";
  let description = [{
    Any mesh can be meant; `spec(axes)` reads it for a mesh of so many axes.
  }];
  let parameters = (ins "int":$rank, "::autopar::Spec":$anyMesh);
  let hasCustomAssemblyFormat = 1;
  let builders = [AttrBuilder<(ins "int":$rank, "::autopar::Spec":$spec)>];
  let skipDefaultBuilders = 1;
  let extraClassDeclaration = [{
    /// The same on a mesh of `axes` axes; nullopt where an axis is named that it lacks.
    std::optional<::autopar::Spec> spec(int axes) const;
  }];
}

def Dist_PartAttr : AttrDef<Dist_Dialect, "Part"> {
  let mnemonic = "part";
  let summary = "which block of a whole tensor a rank holds";
  let description = [{
    The whole shape, and for each dimension the mesh axes that split it, outermost first. What an
    operation computes may depend on where its block begins: the tokens of a part of the
    vocabulary, the random numbers of a part of an activation.

    ```mlir
    #dist.part<whole = [8, 64, 128], axes = [[0], [], [1]]>
    ```
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$whole, "::autopar::Spec":$anyMesh);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let skipDefaultBuilders = 1;
  let builders = [AttrBuilder<(ins "::llvm::ArrayRef<int64_t>":$whole, "::autopar::Spec":$spec)>];
  let extraClassDeclaration = [{
    /// The part that is all of a tensor of this type.
    static PartAttr whole(::mlir::Type type);
    /// The axes that split `dim`, outermost first.
    ::autopar::Axes axes(int dim) const { return getAnyMesh().splitAxes(dim); }
    /// What one rank holds; nullopt where `mesh` lacks an axis or does not divide the whole.
    std::optional<::llvm::SmallVector<int64_t>> localShape(const ::autopar::Mesh &mesh) const;
    /// Where in each dimension `rank`'s block begins. Requires a local shape.
    ::llvm::SmallVector<int64_t> begin(const ::autopar::Mesh &mesh, int64_t rank) const;
  }];
}

class Dist_Op<string mnemonic, string kind, list<Trait> traits = []>
    : Op<Dist_Dialect, mnemonic, traits # [StaticShapes, Pure, CollectiveOpInterface]> {
  let extraClassDeclaration = [{
    static std::optional<::autopar::CollectiveKind> getCollectiveKind() { return }] # kind # [{; }
  }];
}

/// Collectives over several tensors at once (a bucket) start together and count as one call.
class Dist_BucketOp<string mnemonic, string kind, list<Trait> traits = []>
    : Dist_Op<mnemonic, kind, traits> {
  let results = (outs Variadic<AnyStaticShapeTensor>:$results);
  let hasVerifier = 1;
}

def AllReduceOp : Dist_BucketOp<"all_reduce", "::autopar::CollectiveKind::AllReduce"> {
  let summary = "adds the partial sums of all ranks along the axes";
  let description = [{
    ```mlir
    %sum = dist.all_reduce %partial over {x, y} : (tensor<2x64xf64>) -> tensor<2x64xf64>
    ```
  }];
  let arguments = (ins Variadic<AnyStaticShapeTensor>:$inputs, DenseI32ArrayAttr:$axes);
  let assemblyFormat = [{
    $inputs `over` custom<AxisNames>($axes) attr-dict `:` functional-type(operands, results)
  }];
}

def AllGatherOp : Dist_BucketOp<"all_gather", "::autopar::CollectiveKind::AllGather"> {
  let summary = "puts the blocks of all ranks along the axes together";
  let description = [{
    `dims` has the dimension for each tensor.

    ```mlir
    %whole = dist.all_gather %block over {x} dims [0] : (tensor<32x64xf32>) -> tensor<64x64xf32>
    ```
  }];
  let arguments = (ins Variadic<AnyStaticShapeTensor>:$inputs, DenseI32ArrayAttr:$axes,
                       Places:$dims);
  let assemblyFormat = [{
    $inputs `over` custom<AxisNames>($axes) `dims` $dims attr-dict
    `:` functional-type(operands, results)
  }];
}

def ReduceScatterOp : Dist_BucketOp<"reduce_scatter", "::autopar::CollectiveKind::ReduceScatter"> {
  let summary = "adds partial sums and leaves each rank one block of the sum";
  let description = [{
    ```mlir
    %block = dist.reduce_scatter %partial over {x} dims [0]
           : (tensor<64x64xf32>) -> tensor<32x64xf32>
    ```
  }];
  let arguments = (ins Variadic<AnyStaticShapeTensor>:$inputs, DenseI32ArrayAttr:$axes,
                       Places:$dims);
  let assemblyFormat = [{
    $inputs `over` custom<AxisNames>($axes) `dims` $dims attr-dict
    `:` functional-type(operands, results)
  }];
}

def AllToAllOp : Dist_Op<"all_to_all", "::autopar::CollectiveKind::AllToAll"> {
  let summary = "moves a split from one dimension to another";
  let description = [{
    Each rank cuts `split` into as many blocks as there are ranks, sends block i to rank i and
    puts what it receives together along `concat`.

    ```mlir
    %y = dist.all_to_all %x over {x} split 1 concat 0 : (tensor<4x64xf32>) -> tensor<8x32xf32>
    ```
  }];
  let arguments = (ins AnyStaticShapeTensor:$input, DenseI32ArrayAttr:$axes, Place:$split,
                       Place:$concat);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = [{
    $input `over` custom<AxisNames>($axes) `split` $split `concat` $concat attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def SliceOp : Dist_Op<"slice", "std::nullopt"> {
  let summary = "keeps this rank's block of what all ranks along the axes hold";
  let description = [{
    ```mlir
    %block = dist.slice %whole over {x} dim 0 : (tensor<64x64xf32>) -> tensor<32x64xf32>
    ```
  }];
  let arguments = (ins AnyStaticShapeTensor:$input, DenseI32ArrayAttr:$axes, Place:$dim);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = [{
    $input `over` custom<AxisNames>($axes) `dim` $dim attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

#endif
