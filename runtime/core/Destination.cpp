#include "autopar/core/Destination.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <stdexcept>

using namespace autopar;

namespace {

[[noreturn]] void reject(const std::filesystem::path &path, const std::string &what) {
  throw std::runtime_error(path.string() + ": " + what);
}
[[noreturn]] void reject(const std::filesystem::path &path, int error) {
  reject(path, std::string("cannot write: ") + std::strerror(error));
}

/// The number behind /proc/self/fd/, where `link` is one of this process's.
std::optional<int> ownDescriptor(const std::filesystem::path &folder, const std::string &link) {
  if (folder != "/proc/" + std::to_string(getpid()) + "/fd")
    return std::nullopt;
  int number = -1;
  const auto [end, error] = std::from_chars(link.data(), link.data() + link.size(), number);
  if (error != std::errc() || end != link.data() + link.size())
    return std::nullopt;
  return number;
}

} // namespace

Destination::Destination(const std::filesystem::path &path) : given(path), target(path) {
  follow();
  exists = descriptor < 0 ? stat(target.c_str(), &status) == 0 : fstat(descriptor, &status) == 0;
  if (!exists && (errno != ENOENT || descriptor >= 0))
    reject(given, errno);
  requireWritable();
}

void Destination::follow() {
  constexpr int mostLinks = 40; // as Linux has it
  for (int links = 0;; ++links) {
    struct stat link;
    if (lstat(target.c_str(), &link) != 0 || !S_ISLNK(link.st_mode))
      return;
    if (links == mostLinks)
      reject(given, ELOOP);
    std::error_code error;
    const std::filesystem::path folder = std::filesystem::canonical(this->folder(), error);
    if (const auto own = ownDescriptor(folder, target.filename())) {
      descriptor = *own;
      return;
    }
    // What a link in /proc says of an open file is no path: the file may be a pipe, or gone.
    if (folder.native().starts_with("/proc/"))
      return;
    const std::filesystem::path behind = std::filesystem::read_symlink(target, error);
    if (error)
      reject(given, error.value());
    target = folder / behind;
  }
}

void Destination::requireWritable() const {
  if (!exists) {
    if (!target.has_filename() || target.filename() == "." || target.filename() == "..")
      reject(given, "is a folder; name a file");
    if (struct stat place; stat(folder().c_str(), &place) != 0)
      reject(given, "there is no folder '" + folder().string() + "'");
    return;
  }
  if (S_ISDIR(status.st_mode))
    reject(given, "is a folder; name a file");
  if (S_ISBLK(status.st_mode))
    reject(given, "is a disk; name a file");
  if (S_ISSOCK(status.st_mode) && descriptor < 0)
    reject(given, "is a socket; name a file");
  if (descriptor < 0 && access(target.c_str(), W_OK) != 0)
    reject(given, errno);
}

std::filesystem::path Destination::folder() const {
  return target.has_parent_path() ? target.parent_path() : ".";
}

bool Destination::isSameFile(const Destination &other) const {
  if (!isFile() || !other.isFile())
    return false;
  if (exists && other.exists)
    return status.st_dev == other.status.st_dev && status.st_ino == other.status.st_ino;
  std::error_code error;
  return exists == other.exists && target.filename() == other.target.filename() &&
         std::filesystem::equivalent(folder(), other.folder(), error);
}

int Destination::open(uint64_t kept) const {
  const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (kept ? 0 : O_TRUNC);
  const int opened = descriptor >= 0 ? fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
                                     : ::open(target.c_str(), flags, 0666);
  if (opened < 0)
    reject(given, errno);
  if (kept && isFile() &&
      (ftruncate(opened, static_cast<off_t>(kept)) != 0 || lseek(opened, 0, SEEK_END) < 0)) {
    const int error = errno;
    close(opened);
    reject(given, error);
  }
  return opened;
}
