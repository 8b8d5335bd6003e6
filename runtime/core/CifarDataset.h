// CIFAR-10's binary format: records of one label byte and 3072 pixel bytes.
// Any images of that form will do; scripts/make-digits.py writes some.
// Format: https://www.cs.toronto.edu/~kriz/cifar.html

#ifndef AUTOPAR_CORE_CIFARDATASET_H
#define AUTOPAR_CORE_CIFARDATASET_H

#include "autopar/core/Dataset.h"
#include "autopar/core/InputFile.h"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace autopar::inline runtime {

class CifarDataset final : public Dataset {
public:
  static constexpr int64_t recordBytes = 1 + 3 * 32 * 32;

  /// Opens the files and reads them through once: labels are checked, pixels
  /// counted for the normalisation. Later reads take single records from disk,
  /// so nothing stays in memory. Throws std::runtime_error for a file that
  /// cannot be read, whose size is no multiple of 3073, or with a label not in
  /// [0, classes), naming file and record.
  CifarDataset(const std::vector<std::filesystem::path> &files, int64_t classes);

  int64_t size() const override { return records; }
  /// Throws, as the constructor does, where a file has changed in between.
  void read(int64_t index, Sample &sample) const override;
  uint64_t digest() const override { return digestOfAll; }
  Normalisation normalisation() const override { return pixels; }

  /// The folder's data_batch_*.bin, in order. Throws std::runtime_error when
  /// the folder or every such file is missing.
  static std::vector<std::filesystem::path> trainFiles(const std::filesystem::path &folder);

  /// The folder's test_batch.bin, or nothing.
  static std::vector<std::filesystem::path> testFiles(const std::filesystem::path &folder);

private:
  struct Part {
    InputFile file;
    int64_t firstRecord;
    int64_t records;
  };

  void open(const std::filesystem::path &path);
  /// As many records from `first` on as `bytes` holds, their labels below `classes`.
  void readRecords(const Part &part, int64_t first, std::span<uint8_t> bytes) const;

  int64_t classes;
  std::vector<Part> parts;
  int64_t records = 0;
  uint64_t digestOfAll = 0;
  Normalisation pixels;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_CIFARDATASET_H
