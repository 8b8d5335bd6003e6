// A value over some of its dimensions, by whatever operation of the graph.
#ifndef AUTOPAR_COMPILER_IMPORT_OPS_REDUCTION_H
#define AUTOPAR_COMPILER_IMPORT_OPS_REDUCTION_H

#include "compiler/import/Importer.h"

namespace autopar::pt2 {

/// Dimensions of PyTorch's, from 0 on.
using Dims = llvm::SmallVector<int64_t>;

/// Over those dimensions, which stay at size 1.
template <typename Op>
Held reduced(Importer &importer, const Held &x, const Dims &dims,
                    const llvm::Twine &suffix = "") {
  Held result = x;
  result.variable = nullptr;
  if (!x.value)
    return result;
  llvm::SmallVector<int64_t> shape(graph::shapeOf(x.value)), places;
  for (int64_t dim : dims) {
    result.shape[dim] = 1;
    if (x.order[dim] == absent || x.shape[dim] == 1)
      continue;
    places.push_back(x.order[dim]);
    shape[x.order[dim]] = 1;
  }
  llvm::sort(places);
  if (!places.empty())
    result.value =
        importer.make<Op>(suffix, shape, x.value, importer.attribute("dims", places));
  return result;
}

} // namespace autopar::pt2

#endif
