// A file that is read by place, for as long as the program runs. It is not mapped: what is mapped
// and shrinks, or lies on a disk that fails, ends the process by a signal where it is touched.

#ifndef AUTOPAR_CORE_INPUTFILE_H
#define AUTOPAR_CORE_INPUTFILE_H

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace autopar::inline runtime {

class InputFile {
public:
  /// Throws std::runtime_error, naming the file, when it cannot be opened or is no regular file.
  explicit InputFile(const std::filesystem::path &path);
  ~InputFile();
  InputFile(InputFile &&other) noexcept;
  InputFile &operator=(InputFile &&) = delete;

  const std::filesystem::path &path() const { return file; }

  /// Its bytes when it was opened.
  uint64_t size() const { return bytes; }

  /// Fills `into` from byte `from` on; any thread may. Throws std::runtime_error, naming the
  /// file, when that cannot be read, or no longer.
  void read(uint64_t from, std::span<std::byte> into) const;

private:
  std::filesystem::path file;
  int descriptor;
  uint64_t bytes;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_INPUTFILE_H
