// The tensors of a checkpoint, whether a file holds each whole or a folder has them in the pieces
// that ranks wrote. A folder's files say themselves where their tensors belong; its checkpoint.json
// lists the files and the tensors that they make up, and stands there only when all are whole.
//
//     step-00000200/checkpoint.json         {"version": 1, "files": […], "tensors": […]}
//     step-00000200/rank-0.safetensors      wte.weight [25129, 768], metadata: blocks
//     step-00000200/rank-1.safetensors
//
// PyTorch's distributed checkpoints are the model. Nothing in such files is believed unchecked.

#ifndef AUTOPAR_CORE_CHECKPOINT_STOREDTENSORS_H
#define AUTOPAR_CORE_CHECKPOINT_STOREDTENSORS_H

#include "autopar/core/Block.h"
#include "autopar/core/checkpoint/Safetensors.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace autopar::inline runtime {

class StoredTensors {
public:
  /// In a checkpoint's folder.
  static constexpr const char *indexName = "checkpoint.json";
  static constexpr int64_t version = 1;
  /// Among a part's strings: where those of its tensors belong that are not whole.
  static constexpr const char *blocksName = "blocks";

  struct Piece {
    const SafetensorsReader *file;
    const SafetensorsReader::Tensor *tensor;
    std::optional<Block> block; ///< where its elements belong; none where it is all of them
  };
  struct Tensor {
    std::string name;
    std::string type; ///< as files write it: "F32"
    Shape shape;
    uint64_t bytes;
    std::vector<Piece> pieces;
  };

  /// A file, or a checkpoint's folder. Throws std::runtime_error, naming the file and what is wrong
  /// in it: as SafetensorsReader does, for a folder that is none, a file that is not the one
  /// that was written with the others, and tensors that pieces do not make up.
  explicit StoredTensors(const std::filesystem::path &path);

  /// Whether a path is the folder of one checkpoint.
  static bool isFolder(const std::filesystem::path &path);

  const std::filesystem::path &path() const { return given; }
  /// How many files it has.
  size_t files() const { return readers.size(); }

  const std::map<std::string, Tensor> &tensors() const { return entries; }
  /// The tensor, or null when there is none of that name.
  const Tensor *find(const std::string &name) const;
  /// In the order in which they were written.
  const std::vector<std::string> &names() const { return order; }

  /// The strings beside the tensors, which all files have alike.
  const std::map<std::string, std::string> &metadata() const { return strings; }

  /// Two models' differ, without a reading of both.
  uint64_t digest() const;

  /// Whether the bytes are known that were written.
  bool hasDigests() const;
  /// Reads every `shares`-th stored tensor, from the `share`-th on, and returns the names of those
  /// whose bytes are not those that were written: "w", or "w in rank-1.safetensors".
  std::vector<std::string> damaged(size_t share, size_t shares) const;

private:
  void readFolder();
  void addPieces(const SafetensorsReader &file);

  std::filesystem::path given;
  std::vector<std::unique_ptr<SafetensorsReader>> readers;
  std::map<std::string, Tensor> entries;
  std::vector<std::string> order;
  std::map<std::string, std::string> strings;
};

/// Parts of one tensor, mostly in ascending order: reads ahead, so that a small part costs little.
class StoredReader {
public:
  /// Both must outlive it. Throws std::runtime_error where the tensor's pieces do not make it up.
  StoredReader(const StoredTensors &stored, const StoredTensors::Tensor &tensor);

  /// Fills `into` from byte `from` of the tensor on.
  void read(uint64_t from, std::span<std::byte> into);

private:
  /// Elements that follow each other in one of the pieces too.
  struct Run {
    int64_t begin; ///< in the tensor, as all are counted, row-major
    int64_t count;
    size_t piece;
    int64_t inPiece; ///< where it begins there
  };

  uint64_t width = 1; ///< of an element, in bytes
  std::vector<Run> runs;
  std::vector<TensorReader> pieces;
  size_t last = 0; ///< run that was read
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_CHECKPOINT_STOREDTENSORS_H
