// See KernelName.h.
#include "standin/kernels/KernelName.h"

#include <cxxabi.h>
#include <elf.h>
#include <link.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

/// Where the program itself lies, less where it was linked to lie.
static uintptr_t loadedAt() {
  uintptr_t base = 0;
  dl_iterate_phdr(
      [](dl_phdr_info *info, size_t, void *to) {
        *static_cast<uintptr_t *>(to) = info->dlpi_addr;
        return 1; // The program is the first.
      },
      &base);
  return base;
}

static std::string demangled(const char *name) {
  int status = 0;
  char *const text = abi::__cxa_demangle(name, nullptr, nullptr, &status);
  std::string result = status == 0 ? text : name;
  std::free(text);
  return result;
}

/// The symbol of this type for which holds(its address, its bytes), addresses as linked.
template <class Holds> static std::string nameOf(unsigned char type, const Holds &holds) {
  std::ifstream file("/proc/self/exe", std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  const std::string image = content.str();
  const auto read = [&](auto &to, size_t offset) {
    if (offset + sizeof to > image.size())
      return false;
    std::memcpy(&to, image.data() + offset, sizeof to);
    return true;
  };
  Elf64_Ehdr header;
  if (!read(header, 0))
    return "?";
  for (unsigned s = 0; s < header.e_shnum; ++s) {
    Elf64_Shdr symbols, names;
    if (!read(symbols, header.e_shoff + s * sizeof symbols) || symbols.sh_type != SHT_SYMTAB ||
        !read(names, header.e_shoff + symbols.sh_link * sizeof names))
      continue;
    for (size_t offset = 0; offset < symbols.sh_size; offset += sizeof(Elf64_Sym)) {
      Elf64_Sym symbol;
      if (read(symbol, symbols.sh_offset + offset) && ELF64_ST_TYPE(symbol.st_info) == type &&
          holds(symbol.st_value, symbol.st_size))
        return demangled(image.data() + names.sh_offset + symbol.st_name);
    }
  }
  return "?";
}

std::string standin::nameOfFunction(const void *function) {
  const uintptr_t wanted = reinterpret_cast<uintptr_t>(function) - loadedAt();
  return nameOf(STT_FUNC, [=](uintptr_t begin, size_t) { return begin == wanted; });
}

std::string standin::nameOfObject(const void *address) {
  const uintptr_t wanted = reinterpret_cast<uintptr_t>(address) - loadedAt();
  return nameOf(STT_OBJECT, [=](uintptr_t begin, size_t bytes) {
    return wanted >= begin && wanted < begin + bytes;
  });
}
