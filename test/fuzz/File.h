// The input as a file, for readers that take a path: in memory, always the same one.
#ifndef AUTOPAR_TEST_FUZZ_FILE_H
#define AUTOPAR_TEST_FUZZ_FILE_H

#include "Fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

namespace fuzz {

inline std::string file(const uint8_t *data, size_t size) {
  static const int descriptor = memfd_create("input", 0);
  if (ftruncate(descriptor, 0) != 0 ||
      pwrite(descriptor, data, size, 0) != static_cast<ssize_t>(size))
    std::abort();
  return "/proc/self/fd/" + std::to_string(descriptor);
}

} // namespace fuzz

#endif // AUTOPAR_TEST_FUZZ_FILE_H
