// Where a path that a user gives for output leads. A regular file may be replaced by another; what
// is none, a pipe, a terminal or /dev/null, belongs to the system or to another program, and can
// only be written into.

#ifndef AUTOPAR_CORE_DESTINATION_H
#define AUTOPAR_CORE_DESTINATION_H

#include <cstdint>
#include <filesystem>

#include <sys/stat.h>

namespace autopar::inline runtime {

class Destination {
public:
  /// Follows links, also one that leads to a file that is not there yet. Throws
  /// std::runtime_error, which names the path, for a folder, a disk, and for what this process may
  /// not write.
  explicit Destination(const std::filesystem::path &path);

  /// A regular file, or nothing as yet.
  bool isFile() const { return descriptor < 0 && (!exists || S_ISREG(status.st_mode)); }

  /// What is to be written, behind all links.
  const std::filesystem::path &file() const { return target; }
  std::filesystem::path folder() const;
  /// Of the file that is there already; null where there is none.
  const struct stat *present() const { return exists ? &status : nullptr; }

  /// Whether both lead to one regular file, by whatever spelling or link.
  bool isSameFile(const Destination &other) const;

  /// A descriptor to write into what the path names, of which a regular file keeps the first
  /// bytes only. What stands for an open file of this process, such as /dev/stdout, is that
  /// file. Throws.
  int open(uint64_t kept = 0) const;

private:
  void follow();
  void requireWritable() const;

  std::filesystem::path given, target;
  struct stat status = {};
  bool exists = false;
  int descriptor = -1; ///< of this process, where the path stands for it
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_DESTINATION_H
