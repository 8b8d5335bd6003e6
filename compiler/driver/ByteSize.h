// Sizes as people write them: `8GB`, `512MiB`, `1.5G`.
#ifndef AUTOPAR_COMPILER_DRIVER_BYTESIZE_H
#define AUTOPAR_COMPILER_DRIVER_BYTESIZE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>

namespace autopar {

/// Reads a number and a unit: B, K, M, G or T, optionally followed by B or iB. Units are powers of
/// 1024, as device memories are sized. The error says what was read and how a size is written.
llvm::Expected<int64_t> parseByteSize(llvm::StringRef text);

/// `8.00 GiB`, `512 B`.
std::string formatByteSize(double bytes);

} // namespace autopar

#endif
