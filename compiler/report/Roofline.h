// A step's launches at a device's limits: what each would take if memory ran at its bandwidth
// and arithmetic at its peak, and nothing else took time. Counts of bytes and operations, from
// the calls' own facts (dialects/rt/Launches.h); not a prediction, and no measurement.
#ifndef AUTOPAR_COMPILER_REPORT_ROOFLINE_H
#define AUTOPAR_COMPILER_REPORT_ROOFLINE_H

#include "compiler/cost/CostModel.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace autopar {

struct Roofline {
  struct Launch {
    std::string call, work; ///< the call's name; what of it is launched
    double bytes, flops;
    double seconds;  ///< at the limits
    bool isByMemory; ///< Whether memory is the limit that counts; else arithmetic, or links.
    int64_t times;   ///< in a step, as micro-batches repeat it
  };
  std::vector<Launch> launches; ///< in their order
  int64_t calls = 0;            ///< in a step
};

/// Of one training step of a program that lower-to-cuda has lowered, on values or on memory.
Roofline rooflineOf(mlir::ModuleOp program, const CostModel &costs);

/// Every launch, sums by what is launched, and the sum.
void printRoofline(const Roofline &roofline, const CostModel &costs, llvm::raw_ostream &out);

} // namespace autopar

#endif // AUTOPAR_COMPILER_REPORT_ROOFLINE_H
