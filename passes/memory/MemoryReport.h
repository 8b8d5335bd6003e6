// What a memory plan comes to: bytes by kind at the fullest moment, and the largest buffers
// then. Read from the planned module, so that the driver, the report and the emitted header
// agree.
#ifndef AUTOPAR_PASSES_MEMORY_MEMORYREPORT_H
#define AUTOPAR_PASSES_MEMORY_MEMORYREPORT_H

#include "dialects/rt/Rt.h"

#include "mlir/IR/BuiltinOps.h"

#include <map>
#include <string>
#include <vector>

namespace autopar {

struct MemoryReport {
  struct Buffer {
    std::string name;
    rt::BufferKind kind;
    int64_t bytes;
  };

  int64_t arenaBytes = 0;
  /// The largest sum of bytes alive at one call, each buffer rounded up to the arena's
  /// alignment.
  int64_t largestLiveSet = 0;
  /// The call where that is: its function, its name, and its number there, counted from 1.
  std::string function, call;
  int64_t callIndex = 0;
  /// Bytes of `largestLiveSet` by kind. Adds up to it.
  std::map<rt::BufferKind, int64_t> byKind;
  /// Bytes of it that wait for the next step, whatever runs.
  int64_t nextInputs = 0;
  /// What is alive then, largest first.
  std::vector<Buffer> buffers;

  /// Bytes of the arena for each byte of the largest live set: 1.0 is without loss.
  double fragmentation() const {
    return largestLiveSet ? static_cast<double>(arenaBytes) / largestLiveSet : 1;
  }
};

/// The report of a module after plan-memory.
MemoryReport reportMemory(mlir::ModuleOp module);

} // namespace autopar

#endif
