#include "autopar/core/InputFile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>

using namespace autopar;

InputFile::InputFile(const std::filesystem::path &path) : file(path) {
  // O_NONBLOCK: to open a pipe would wait for whoever writes to it.
  descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0)
    throw std::runtime_error(path.string() + ": cannot open: " + std::strerror(errno));
  struct stat status;
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    close(descriptor);
    throw std::runtime_error(path.string() + ": not a regular file");
  }
  bytes = static_cast<uint64_t>(status.st_size);
}

InputFile::~InputFile() {
  if (descriptor >= 0)
    close(descriptor);
}

InputFile::InputFile(InputFile &&other) noexcept
    : file(std::move(other.file)), descriptor(std::exchange(other.descriptor, -1)),
      bytes(other.bytes) {}

void InputFile::read(uint64_t from, std::span<std::byte> into) const {
  for (size_t done = 0; done < into.size();) {
    const ssize_t got = pread(descriptor, into.data() + done, into.size() - done,
                              static_cast<off_t>(from + done));
    if (got > 0) {
      done += static_cast<size_t>(got);
    } else if (got == 0) {
      throw std::runtime_error(file.string() + ": the file has shrunk while it was in use: it had " +
                               std::to_string(bytes) + " bytes, and now ends at or before byte " +
                               std::to_string(from + done));
    } else if (errno != EINTR) {
      throw std::runtime_error(file.string() + ": cannot read at byte " +
                               std::to_string(from + done) + ": " + std::strerror(errno));
    }
  }
}
