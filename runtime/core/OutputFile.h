// A file that a program leaves behind, whole or not at all. The bytes go to a file of their own
// beside it, under a name that nobody has, which takes its place once they are on disk: a kill at
// any moment leaves what was there before, and of two jobs that write one file each leaves its
// own whole, the later one last.

#ifndef AUTOPAR_CORE_OUTPUTFILE_H
#define AUTOPAR_CORE_OUTPUTFILE_H

#include "autopar/core/Destination.h"

#include <cstdio>
#include <string_view>

namespace autopar::inline runtime {

class OutputFile {
public:
  /// Throws std::runtime_error that names the path, as Destination does and where nothing can be
  /// made beside the file. What is no regular file is written into as it stands.
  explicit OutputFile(const std::filesystem::path &path);
  /// Leaves nothing of a file that was not finished.
  ~OutputFile();
  OutputFile(const OutputFile &) = delete;
  OutputFile &operator=(const OutputFile &) = delete;

  void write(const void *data, size_t bytes);
  void write(std::string_view text) { write(text.data(), text.size()); }

  /// Whether what has been written can be changed: of a regular file.
  bool canRewrite() const { return !fresh.empty(); }
  /// Writes over what stands at byte `at`; write() goes on at the end. Requires canRewrite().
  void rewrite(long at, std::string_view text);

  /// Puts the file in its place, on disk before and after.
  void finish();

  /// The file beside, until it is in its place; empty where there is none.
  const std::filesystem::path &beside() const { return fresh; }

  /// Throws what the constructor would, and leaves everything as it is.
  static void check(const std::filesystem::path &path);

private:
  std::filesystem::path given;
  Destination destination;
  std::filesystem::path fresh;
  std::FILE *stream = nullptr;
};

/// Writes all of a file.
void writeFile(const std::filesystem::path &path, std::string_view text);

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_OUTPUTFILE_H
