#include "autopar/core/CifarDataset.h"

#include "autopar/core/Digest.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

using namespace autopar;

namespace {

/// How often each byte value occurs in each channel: sums over it are exact, so
/// every rank arrives at the same normalisation.
using Histogram = std::array<std::array<int64_t, 256>, Sample::channels>;

Normalisation normalisationOf(const Histogram &histogram) {
  Normalisation result;
  for (int channel = 0; channel < Sample::channels; ++channel) {
    double count = 0, sum = 0, squares = 0;
    for (int value = 0; value < 256; ++value) {
      const auto times = static_cast<double>(histogram[channel][value]);
      const double level = value / 255.0;
      count += times;
      sum += times * level;
      squares += times * level * level;
    }
    const double mean = sum / count;
    const double variance = squares / count - mean * mean;
    result.mean[channel] = mean;
    // A channel of one value has nothing to scale.
    result.deviation[channel] = variance > 1e-12 ? std::sqrt(variance) : 1;
  }
  return result;
}

} // namespace

CifarDataset::CifarDataset(const std::vector<std::filesystem::path> &paths, int64_t classes)
    : classes(classes) {
  for (const std::filesystem::path &path : paths)
    open(path);

  Histogram histogram = {};
  Digest digest;
  constexpr int64_t chunk = 256;
  std::vector<uint8_t> buffer;
  for (const Part &part : parts)
    for (int64_t first = 0; first < part.records; first += chunk) {
      const int64_t count = std::min(chunk, part.records - first);
      buffer.resize(static_cast<size_t>(count * recordBytes));
      readRecords(part, first, buffer);
      digest.add(std::as_bytes(std::span(buffer)));
      for (int64_t i = 0; i < count; ++i) {
        const uint8_t *record = buffer.data() + i * recordBytes;
        for (int channel = 0; channel < Sample::channels; ++channel)
          for (int pixel = 0; pixel < Sample::plane; ++pixel)
            ++histogram[channel][record[1 + channel * Sample::plane + pixel]];
      }
    }
  pixels = normalisationOf(histogram);
  digestOfAll = digest.value();
}

void CifarDataset::open(const std::filesystem::path &path) {
  InputFile file(path);
  const auto bytes = static_cast<int64_t>(file.size());
  if (bytes == 0 || bytes % recordBytes != 0)
    throw std::runtime_error(path.string() + ": " + std::to_string(bytes) +
                             " bytes are not whole records of " + std::to_string(recordBytes) +
                             " bytes; the file is truncated or in another format");
  parts.push_back({std::move(file), records, bytes / recordBytes});
  records += bytes / recordBytes;
}

void CifarDataset::readRecords(const Part &part, int64_t first,
                               std::span<uint8_t> bytes) const {
  part.file.read(first * recordBytes, std::as_writable_bytes(bytes));
  for (size_t at = 0; at < bytes.size(); at += recordBytes)
    if (bytes[at] >= classes)
      throw std::runtime_error(
          part.file.path().string() + ": record " +
          std::to_string(first + static_cast<int64_t>(at) / recordBytes) + " has label " +
          std::to_string(bytes[at]) + ", but the model has " + std::to_string(classes) +
          " classes");
}

void CifarDataset::read(int64_t index, Sample &sample) const {
  const auto after =
      std::upper_bound(parts.begin(), parts.end(), index, [](int64_t record, const Part &part) {
        return record < part.firstRecord;
      });
  const Part &part = *std::prev(after);
  std::array<uint8_t, recordBytes> record;
  readRecords(part, index - part.firstRecord, record);
  sample.label = record[0];
  std::copy(record.begin() + 1, record.end(), sample.pixels.begin());
}

std::vector<std::filesystem::path>
CifarDataset::trainFiles(const std::filesystem::path &folder) {
  if (!std::filesystem::is_directory(folder))
    throw std::runtime_error("data folder " + folder.string() +
                             " does not exist; scripts/make-digits.py or "
                             "scripts/fetch-cifar10.sh make one, and "
                             "--data synthetic needs none");
  std::vector<std::filesystem::path> found;
  for (const auto &entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("data_batch_") && name.ends_with(".bin"))
      found.push_back(entry.path());
  }
  if (found.empty())
    throw std::runtime_error("data folder " + folder.string() + " holds no data_batch_*.bin");
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::filesystem::path>
CifarDataset::testFiles(const std::filesystem::path &folder) {
  const std::filesystem::path file = folder / "test_batch.bin";
  if (!std::filesystem::exists(file))
    return {};
  return {file};
}
