// How deep a JSON text nests. Readers of JSON, and what frees their trees, recurse: a text of
// brackets alone would end them with their stack. So each asks here first, compiler and runtime
// alike.

#ifndef AUTOPAR_CORE_NESTING_H
#define AUTOPAR_CORE_NESTING_H

#include <string_view>

namespace autopar::inline runtime {

/// More than any file of ours needs.
inline constexpr int mostNesting = 64;

/// Whether objects and lists stand in each other at most `most` deep. Says nothing about whether
/// the text is JSON.
constexpr bool nestsWithin(std::string_view json, int most = mostNesting) {
  int depth = 0;
  bool inString = false;
  for (size_t i = 0; i < json.size(); ++i) {
    if (inString && json[i] == '\\')
      ++i;
    else if (json[i] == '"')
      inString = !inString;
    else if (inString)
      continue;
    else if ((json[i] == '[' || json[i] == '{') && ++depth > most)
      return false;
    else if (json[i] == ']' || json[i] == '}')
      --depth;
  }
  return true;
}

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_NESTING_H
