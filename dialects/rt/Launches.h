// What a call of the CUDA target has the device do: one entry for each kernel, copy or memset
// that it launches, and each thing that it asks of a library, with the bytes that cross memory
// and the operations. These are counts from a call's configuration and operands, made with no
// GPU at hand; compiler/report makes a roofline of them. Each call has a line of the table in
// Launches.cpp.
#ifndef AUTOPAR_DIALECTS_RT_LAUNCHES_H
#define AUTOPAR_DIALECTS_RT_LAUNCHES_H

#include "dialects/rt/Rt.h"

#include <vector>

namespace autopar::rt {

struct Launch {
  llvm::StringRef work; ///< What it does: a call's name, or that of a part of it.
  /// Read and written: each operand once. What is read again meanwhile is in a cache.
  double bytes = 0;
  double flops = 0;
  mlir::Type arithmetic = {}; ///< Element type of a product's factors; null: f32.
  bool tf32 = false;
};

/// Those of one run of the call, in their order.
std::vector<Launch> launchesOf(CallOp call);

/// Whether the table has a line for calls of this name.
bool hasLaunches(llvm::StringRef callee);

} // namespace autopar::rt

#endif
