// Variables to and from safetensors files, always in global shapes: a model
// saved on one mesh starts on any other, and PyTorch reads and writes the same
// names and shapes.

#ifndef AUTOPAR_CORE_CHECKPOINT_CHECKPOINT_H
#define AUTOPAR_CORE_CHECKPOINT_CHECKPOINT_H

#include "autopar/core/Arena.h"
#include "autopar/core/checkpoint/StoredTensors.h"
#include "autopar/core/Rank.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace autopar::inline runtime {

/// What of a file is read.
enum class Taken : uint8_t {
  Weights, ///< parameters and states; slots are left as they are
  Run,     ///< slots too
};

/// Reads this rank's shard of every variable, under the shape it is stored in. Of a run, slots of a
/// scaled loss and the totals of micro-batches may be missing and are left as they are; an
/// optimizer whose slots are there without a count of its steps has done all of the file's. What the file does not have under a variable's name
/// it may have with "transformer." in front, or without: transformers writes a model with its
/// head and one without so. Of tensors that the program does not have it
/// takes what other programs keep beside a model: a loss's scale, for weights another optimizer's
/// slots, PyTorch's num_batches_tracked, transformers' causal masks, and an lm_head.weight that is
/// wte.weight again. Returns the names of the slots that were missing. Throws
/// std::runtime_error that lists every other missing, extra and misshapen tensor.
std::vector<std::string> loadCheckpoint(const StoredTensors &stored,
                                        std::span<const Variable> variables,
                                        const Place &place, Arena &arena, Taken taken);

/// Gathers every variable to rank 0, one at a time, and writes them there.
/// Collective. Rank 0 holds two buffers of the largest variable's size while it
/// lasts, outside the arena; three where the arena is a device's. Where the file cannot be written
/// all ranks come through it, and rank 0 throws std::runtime_error then.
void saveCheckpoint(const std::filesystem::path &path, std::span<const Variable> variables,
                    const std::map<std::string, std::string> &metadata, const Rank &rank,
                    Arena &arena);

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_CHECKPOINT_CHECKPOINT_H
