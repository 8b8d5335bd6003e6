// The safetensors format: eight bytes of header length, a JSON header that
// gives each tensor's type, shape and place, then the tensors' bytes. Anything
// may stand in a file that somebody hands us, so the reader believes nothing
// that it has not checked.
// Format: https://github.com/huggingface/safetensors#format

#ifndef AUTOPAR_CORE_CHECKPOINT_SAFETENSORS_H
#define AUTOPAR_CORE_CHECKPOINT_SAFETENSORS_H

#include "autopar/core/DataType.h"
#include "autopar/core/InputFile.h"
#include "autopar/core/OutputFile.h"
#include "autopar/core/Shape.h"

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace autopar::inline runtime {

/// A file open for reading. Every tensor's place has been checked.
class SafetensorsReader {
public:
  /// Among the strings: a digest of each tensor's bytes, in the order of their places.
  static constexpr const char *digestsName = "digests";

  struct Tensor {
    std::string type; ///< as the file writes it: "F32", "BF16", …
    Shape shape;
    uint64_t begin; ///< of its bytes, counted from the first tensor's
    uint64_t bytes;
  };

  /// Throws std::runtime_error, naming the file and what is wrong in it: bad
  /// header length, broken JSON, metadata that is no strings, offsets that
  /// overlap, leave a gap or leave the file, or a length that does not fit type
  /// and shape.
  explicit SafetensorsReader(const std::filesystem::path &path);
  SafetensorsReader(const SafetensorsReader &) = delete;
  SafetensorsReader &operator=(const SafetensorsReader &) = delete;

  const std::filesystem::path &path() const { return file; }

  /// The tensor, or null when the file has none of that name.
  const Tensor *find(const std::string &name) const;

  const std::map<std::string, Tensor> &tensors() const { return entries; }

  /// Fills `into` from byte `from` of the tensor on. Throws std::runtime_error, naming the file,
  /// when that is no longer there.
  void read(const Tensor &tensor, uint64_t from, std::span<std::byte> into) const;

  /// Of the header, and so of the digests in it.
  uint64_t headerDigest() const;
  /// Of the header and a share of each tensor: two models' differ, without a reading of both.
  uint64_t digest() const;

  /// Whether the file says what its tensors' bytes are, as SafetensorsWriter's do. Not where another
  /// program has kept the strings and written other tensors.
  bool hasDigests() const;

  /// Reads every `parts`-th tensor, from the `part`-th on, and returns the names of those whose bytes
  /// are not those that were written. None in a file without digests.
  std::vector<std::string> damaged(size_t part, size_t parts) const;

  /// The strings beside the tensors.
  const std::map<std::string, std::string> &metadata() const { return strings; }

private:
  void parse(uint64_t dataBytes);

  std::filesystem::path file;
  InputFile source;
  std::string header;
  uint64_t dataBegin = 0;
  std::map<std::string, Tensor> entries;
  std::map<std::string, std::string> strings;
};

/// Parts of one tensor, mostly in ascending order: reads ahead, so that a small part costs little.
class TensorReader {
public:
  /// Both must outlive it.
  TensorReader(const SafetensorsReader &file, const SafetensorsReader::Tensor &tensor)
      : file(&file), tensor(&tensor) {}

  /// As SafetensorsReader::read.
  void read(uint64_t from, std::span<std::byte> into);

private:
  const SafetensorsReader *file;
  const SafetensorsReader::Tensor *tensor;
  std::vector<std::byte> ahead;
  uint64_t aheadBegin = 0;
};

/// Writes a file tensor after tensor. It is in its place after finish(): there is never half a
/// file.
class SafetensorsWriter {
public:
  struct Entry {
    std::string name;
    DataType type;
    Shape shape;
  };

  /// Throws std::runtime_error when it cannot be written.
  SafetensorsWriter(const std::filesystem::path &path, std::vector<Entry> entries,
                    const std::map<std::string, std::string> &metadata);

  /// Appends the next entry's data. Throws std::logic_error when its length is not that entry's.
  void append(std::span<const std::byte> data);

  /// Puts it in its place, on disk, and returns the header's digest. Throws when an entry is still
  /// missing.
  uint64_t finish();

private:
  std::filesystem::path path;
  std::vector<Entry> entries;
  size_t next = 0;
  OutputFile file;
  std::string text;     ///< of the header
  std::string digests;  ///< of what has been appended
  long digestsPlace = 0; ///< in the file; 0 where they cannot be put there afterwards
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_CHECKPOINT_SAFETENSORS_H
