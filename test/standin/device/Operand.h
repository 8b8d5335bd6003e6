// What a call of a library reads or writes: rows of bytes at regular distances.
#ifndef AUTOPAR_TEST_STANDIN_DEVICE_OPERAND_H
#define AUTOPAR_TEST_STANDIN_DEVICE_OPERAND_H

#include <cstddef>
#include <string>
#include <vector>

namespace standin {

enum class Use { Read, Write };

struct Operand {
  struct Repeat {
    size_t count, distance; ///< the latter in bytes
  };

  Use use;
  std::string name; ///< for reports: "cublasLtMatmul's A"
  const void *begin;
  size_t rowBytes;
  std::vector<Repeat> repeats = {}; ///< of what those before it make up

  /// From the first byte to behind the last.
  size_t extent() const;

  /// visit(begin, bytes) for each row; rows that touch are one.
  template <class Visit> void forEachRow(Visit visit) const {
    visitRows(static_cast<const char *>(begin), repeats.size(), visit);
  }

private:
  template <class Visit>
  void visitRows(const char *from, size_t level, const Visit &visit) const {
    if (level == 0)
      return visit(from, rowBytes);
    const Repeat &repeat = repeats[level - 1];
    for (size_t i = 0; i < repeat.count; ++i)
      visitRows(from + i * repeat.distance, level - 1, visit);
  }
};

/// The operand of these dimensions, distances in bytes; touching rows made one.
Operand strided(Use use, std::string name, const void *begin, size_t elementBytes,
                std::vector<Operand::Repeat> dimensions);

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_DEVICE_OPERAND_H
