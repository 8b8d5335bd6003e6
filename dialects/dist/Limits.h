// How large what comes from outside may be: one set of limits, checked where a number enters (an
// operation's verifier, an option, a file), so that no sum or product that is made of it later
// can leave 64 bits. Plain numbers: rooms that know no MLIR have the same ones.
//
//   bytes of a value <= 2^48, of all values of a program <= 2^56, so offsets and live sets fit;
//   a step counts count x micro-batches <= 2^53 samples, which a double holds exactly;
//   micro-batches <= 2^20 and a run's steps <= 2^40, so batches are numbered by 60 bits.
#ifndef AUTOPAR_DIALECTS_DIST_LIMITS_H
#define AUTOPAR_DIALECTS_DIST_LIMITS_H

#include <cstdint>
#include <limits>

namespace autopar::limits {

/// A dimension, a stride, a padding: oneDNN, cuDNN and MPI count with an int.
inline constexpr int64_t size = std::numeric_limits<int32_t>::max();
/// Dimensions of a value: what the runtime's shapes hold.
inline constexpr int64_t rank = 8;
/// Bytes of one value, over all ranks.
inline constexpr int64_t valueBytes = int64_t(1) << 48;
/// Bytes of all values of a program together.
inline constexpr int64_t programBytes = int64_t(1) << 56;
/// What a mean is taken over: samples, positions, rows.
inline constexpr int64_t count = int64_t(1) << 53;
/// Batches whose gradients are added up in one step.
inline constexpr int64_t microBatches = int64_t(1) << 20;
/// Nanoseconds of one operation: 39 hours, so that those of 2^16 operations add up.
inline constexpr int64_t nanoseconds = int64_t(1) << 47;

} // namespace autopar::limits

#endif
