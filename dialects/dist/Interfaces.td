// What the passes ask of a collective, instead of switching over collectives.

#ifndef AUTOPAR_DIST_INTERFACES_TD
#define AUTOPAR_DIST_INTERFACES_TD

include "mlir/IR/OpBase.td"

def CollectiveOpInterface : OpInterface<"CollectiveOpInterface"> {
  let cppNamespace = "::autopar::dist";
  let description = [{
    Brings tensors from one sharding to another, along axes of the mesh: with the ranks along them,
    or each rank for itself (`dist.slice`).
  }];
  let methods = [
    InterfaceMethod<"The mesh axes, ascending.", "::llvm::ArrayRef<int32_t>", "getAxes">,
    InterfaceMethod<"What the ranks do together; none where each is for itself.",
      "::std::optional<::autopar::CollectiveKind>", "getCollectiveKind">,
    InterfaceMethod<"Whether it adds up what ranks hold.", "bool", "addsUp", (ins), [{}], [{
      auto kind = $_op.getCollectiveKind();
      return kind == ::autopar::CollectiveKind::AllReduce ||
             kind == ::autopar::CollectiveKind::ReduceScatter;
    }]>,
  ];
}

#endif
