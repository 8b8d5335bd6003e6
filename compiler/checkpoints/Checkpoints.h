// What people do with checkpoints outside of a run: look into one, see that its bytes are whole,
// make one file of it that PyTorch and Hugging Face's libraries read, compare two.

#ifndef AUTOPAR_COMPILER_CHECKPOINTS_CHECKPOINTS_H
#define AUTOPAR_COMPILER_CHECKPOINTS_CHECKPOINTS_H

#include "autopar/core/checkpoint/StoredTensors.h"

#include <filesystem>
#include <string>

namespace autopar {

/// The checkpoint at a path: a file, a checkpoint's folder, or the newest of a run's --checkpoints.
/// Throws std::runtime_error where there is none.
std::filesystem::path findCheckpoint(const std::filesystem::path &path);

/// How far the run had come, and all tensors. Of a run's folder its checkpoints.
std::string show(const std::filesystem::path &path);

struct Verified {
  std::string text;
  bool isWhole;
};
/// Reads all bytes of a checkpoint, or of all of a run's.
Verified verify(const std::filesystem::path &path);

/// Writes a checkpoint as one file, the one that --save would have written after that step;
/// `onlyWeights`: without what the optimizer keeps. Throws std::runtime_error.
void merge(const std::filesystem::path &path, const std::filesystem::path &output,
           bool onlyWeights);

struct Difference {
  std::string text; ///< a line for each tensor that differs, and one for all
  bool isNone;
};
/// Of two checkpoints' tensors, by name.
Difference difference(const std::filesystem::path &one, const std::filesystem::path &other);

} // namespace autopar

#endif // AUTOPAR_COMPILER_CHECKPOINTS_CHECKPOINTS_H
