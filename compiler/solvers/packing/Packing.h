// Gives every buffer of a program its byte offset in one arena.
//
// Free of MLIR: buffers are plain data, so the planner, its checker and the
// public problems of the field all meet here. The arena is as small as can be
// found, and the lower bound beside it says how small it could be at best.
#ifndef AUTOPAR_COMPILER_SOLVERS_PACKING_PACKING_H
#define AUTOPAR_COMPILER_SOLVERS_PACKING_PACKING_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace autopar {

/// One buffer: `bytes` of storage held over the half-open interval
/// [begin, end). A buffer that ends at a moment and one that begins there may
/// share bytes.
struct Buffer {
  std::string name;
  int64_t begin = 0;
  int64_t end = 0;
  int64_t bytes = 0;
  /// Index of an earlier or later buffer whose offset this one must have: an
  /// update in place, a view. Such buffers form a group that holds its storage
  /// from the first begin to the last end; they never conflict with each other.
  std::optional<size_t> sameOffsetAs = std::nullopt;
};

struct PackOptions {
  /// Every offset is a multiple of this; sizes are rounded up to it.
  int64_t alignment = 64;
  /// Stop at the first packing that needs no more bytes than this. Without it
  /// the arena is made as small as time allows.
  std::optional<int64_t> capacity = std::nullopt;
  /// Of processor time, for the exact search; the greedy orders take milliseconds.
  double timeLimitSeconds = 10;
};

enum class PackStatus {
  Optimal,    ///< the arena equals the lower bound
  Feasible,   ///< fits `capacity` if there is one; smaller may be possible
  Infeasible, ///< proven: nothing fits in `capacity`; offsets are the best found
  TimedOut,   ///< nothing that fits `capacity` was found in time; best found
  Invalid     ///< bad input, `message` says what
};

std::string_view toString(PackStatus status);

/// Offsets in bytes, one for each buffer, and what is known about them. The
/// offsets are valid for `arenaBytes` in every status but Invalid.
struct Packing {
  std::vector<int64_t> offsets;
  int64_t arenaBytes = 0;
  /// No packing needs fewer bytes: the largest live set, or more where the
  /// exact search has proven it.
  int64_t lowerBound = 0;
  /// The largest sum of (rounded) bytes alive at one moment.
  int64_t largestLiveSet = 0;
  PackStatus status = PackStatus::Invalid;
  /// What found the offsets: the name of a greedy order, or "exact".
  std::string foundBy;
  /// What is wrong with the input, or why the capacity cannot be met.
  std::string message;
  double seconds = 0;
  int64_t searchNodes = 0;
};

/// Places all buffers: several greedy orders first, then, where these miss
/// the bound, an exact search over canonical offsets (each buffer at zero or
/// on top of another, after MiniMalloc, ASPLOS 2023). Deterministic but for
/// where the time limit falls.
Packing pack(const std::vector<Buffer> &buffers, const PackOptions &options = {});

/// Checks offsets from anywhere: right number of them, aligned, inside the
/// arena, groups at one offset, and no two buffers of different groups share
/// a byte at a moment. Returns what is wrong (which two buffers overlap, and
/// when), or nothing. Shares no code with the planner.
std::optional<std::string> check(const std::vector<Buffer> &buffers,
                                 const std::vector<int64_t> &offsets, int64_t arenaBytes,
                                 int64_t alignment = 64);

} // namespace autopar

#endif
