// The layers of a network that are alike, in an emitted program: a struct of one layer's
// buffers and calls, and here as many of them.

#ifndef AUTOPAR_CORE_LAYERS_H
#define AUTOPAR_CORE_LAYERS_H

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>

namespace autopar::inline runtime {

/// The layers FIRST to LAST, each made of what they belong to and of its number. They hold
/// calls, which are neither copied nor moved.
template <typename Layer, int64_t first, int64_t last> class Layers {
  static constexpr size_t count = static_cast<size_t>(last - first + 1);

public:
  template <typename Owner>
  explicit Layers(Owner &owner) : Layers(owner, std::make_index_sequence<count>()) {}

  /// By the number that the model gives it.
  Layer &operator[](int64_t number) { return layers[number - first]; }
  Layer *begin() { return layers; }
  Layer *end() { return layers + count; }

private:
  template <typename Owner, size_t... index>
  Layers(Owner &owner, std::index_sequence<index...>)
      : layers{Layer(owner, first + static_cast<int64_t>(index))...} {}

  Layer layers[count];
};

/// What a layer has that is no function of its number.
inline int64_t nth(int64_t index, std::initializer_list<int64_t> numbers) {
  return numbers.begin()[index];
}
inline const char *nth(int64_t index, std::initializer_list<const char *> names) {
  return names.begin()[index];
}

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_LAYERS_H
