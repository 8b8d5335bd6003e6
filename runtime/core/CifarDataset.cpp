#include "autopar/core/CifarDataset.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
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

CifarDataset::CifarDataset(const std::vector<std::filesystem::path> &paths, int64_t classes) {
  try {
    for (const std::filesystem::path &path : paths)
      open(path);

    Histogram histogram = {};
    constexpr int64_t chunk = 256;
    std::vector<uint8_t> buffer(chunk * recordBytes);
    for (const File &file : files)
      for (int64_t first = 0; first < file.records; first += chunk) {
        const int64_t count = std::min(chunk, file.records - first);
        readRecords(file, first, count, buffer.data());
        for (int64_t i = 0; i < count; ++i) {
          const uint8_t *record = buffer.data() + i * recordBytes;
          if (record[0] >= classes)
            throw std::runtime_error(file.path.string() + ": record " +
                                     std::to_string(first + i) + " has label " +
                                     std::to_string(record[0]) + ", but the model has " +
                                     std::to_string(classes) + " classes");
          for (int channel = 0; channel < Sample::channels; ++channel)
            for (int pixel = 0; pixel < Sample::plane; ++pixel)
              ++histogram[channel][record[1 + channel * Sample::plane + pixel]];
        }
      }
    pixels = normalisationOf(histogram);
  } catch (...) {
    closeAll();
    throw;
  }
}

CifarDataset::~CifarDataset() { closeAll(); }

void CifarDataset::closeAll() {
  for (const File &file : files)
    close(file.descriptor);
}

void CifarDataset::open(const std::filesystem::path &path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    throw std::runtime_error(path.string() + ": cannot open: " + std::strerror(errno));
  struct stat status;
  const int64_t bytes = fstat(descriptor, &status) == 0 ? status.st_size : 0;
  if (bytes == 0 || bytes % recordBytes != 0) {
    close(descriptor);
    throw std::runtime_error(path.string() + ": " + std::to_string(bytes) +
                             " bytes are not whole records of " + std::to_string(recordBytes) +
                             " bytes; the file is truncated or in another format");
  }
  files.push_back({path, descriptor, records, bytes / recordBytes});
  records += bytes / recordBytes;
}

void CifarDataset::readRecords(const File &file, int64_t first, int64_t count,
                               uint8_t *bytes) const {
  const int64_t length = count * recordBytes;
  for (int64_t done = 0; done < length;) {
    const ssize_t got =
        pread(file.descriptor, bytes + done, length - done, first * recordBytes + done);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      throw std::runtime_error(file.path.string() + ": cannot read record " +
                               std::to_string(first) + ": " +
                               (got < 0 ? std::strerror(errno) : "the file has shrunk"));
    done += got;
  }
}

void CifarDataset::read(int64_t index, Sample &sample) const {
  const auto after =
      std::upper_bound(files.begin(), files.end(), index, [](int64_t record, const File &file) {
        return record < file.firstRecord;
      });
  const File &file = *std::prev(after);
  std::array<uint8_t, recordBytes> record;
  readRecords(file, index - file.firstRecord, 1, record.data());
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
