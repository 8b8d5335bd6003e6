// The buffer that a value of a planned function lies in.
#ifndef AUTOPAR_COMPILER_EMIT_SLICES_H
#define AUTOPAR_COMPILER_EMIT_SLICES_H

#include "dialects/rt/Rt.h"

namespace autopar::emit {

/// Behind all views.
inline rt::SliceOp sliceOf(mlir::Value memory) {
  while (auto view = memory.getDefiningOp<rt::ViewOp>())
    memory = view.getSource();
  return memory.getDefiningOp<rt::SliceOp>();
}

} // namespace autopar::emit

#endif
