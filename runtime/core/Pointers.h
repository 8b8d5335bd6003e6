// The tensors of a call that takes any number of them: listed in braces, or put together
// before.

#ifndef AUTOPAR_CORE_POINTERS_H
#define AUTOPAR_CORE_POINTERS_H

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <vector>

namespace autopar::inline runtime {

/// Those of an argument: they are not kept beyond the call.
template <typename Pointer> class Pointers {
public:
  Pointers(std::initializer_list<Pointer> list) : first(std::data(list)), count(std::size(list)) {}
  Pointers(const std::vector<Pointer> &list) : first(list.data()), count(list.size()) {}

  const Pointer *begin() const { return first; }
  const Pointer *end() const { return first + count; }
  const Pointer *data() const { return first; }
  size_t size() const { return count; }

private:
  const Pointer *first;
  size_t count;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_POINTERS_H
