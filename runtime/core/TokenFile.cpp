#include "autopar/core/TokenFile.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <stdexcept>

using namespace autopar;

static_assert(std::endian::native == std::endian::little, "tokens are read as they lie");

namespace {

[[noreturn]] void reject(const std::filesystem::path &path, const std::string &what) {
  throw std::runtime_error(path.string() + ": " + what);
}

} // namespace

TokenFile::TokenFile(const std::filesystem::path &path, int64_t vocabulary) : file(path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    reject(path, std::string("cannot open: ") + std::strerror(errno));
  struct stat status;
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    close(descriptor);
    reject(path, "not a regular file");
  }
  mappedBytes = static_cast<size_t>(status.st_size);
  if (mappedBytes < headerBytes) {
    close(descriptor);
    reject(path, "not a token file: " + std::to_string(mappedBytes) +
                     " bytes are too few for a header of " + std::to_string(headerBytes));
  }
  mapping = mmap(nullptr, mappedBytes, PROT_READ, MAP_PRIVATE, descriptor, 0);
  const int error = errno;
  close(descriptor);
  if (mapping == MAP_FAILED)
    reject(path, std::string("cannot map: ") + std::strerror(error));
  try {
    check(vocabulary);
  } catch (...) {
    munmap(mapping, mappedBytes);
    throw;
  }
}

TokenFile::~TokenFile() { munmap(mapping, mappedBytes); }

void TokenFile::check(int64_t vocabulary) {
  int32_t header[3];
  std::memcpy(header, mapping, sizeof header);
  if (header[0] != magic)
    reject(file, "not a token file: it begins with " + std::to_string(header[0]) + ", not " +
                     std::to_string(magic) + "; scripts/make-tokens.py makes one from text");
  if (header[1] != version)
    reject(file, "a token file of version " + std::to_string(header[1]) + ", not " +
                     std::to_string(version));
  count = header[2];
  const int64_t promised = headerBytes + 2 * count, found = static_cast<int64_t>(mappedBytes);
  if (promised != found)
    reject(file, "its header promises " + std::to_string(count) + " tokens, " +
                     std::to_string(promised) + " bytes, but it has " + std::to_string(found) +
                     (found < promised ? ": it was cut short" : ""));
  tokens =
      reinterpret_cast<const uint16_t *>(static_cast<const std::byte *>(mapping) + headerBytes);
  const uint16_t *const largest = std::max_element(tokens, tokens + count);
  if (count && *largest >= vocabulary)
    reject(file, "token " + std::to_string(largest - tokens) + " is " +
                     std::to_string(*largest) + ", but the model has a vocabulary of " +
                     std::to_string(vocabulary));
}

void TokenFile::read(int64_t first, int64_t count, int32_t *into) const {
  std::copy_n(tokens + first, count, into);
}
