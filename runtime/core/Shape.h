// Shapes, mesh axes and how the one is split over the other. All are literal
// types: an emitted program's tables are constant data, and the compiler can
// use the same types with neither MPI nor MLIR at hand.

#ifndef AUTOPAR_CORE_SHAPE_H
#define AUTOPAR_CORE_SHAPE_H

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>

namespace autopar::inline runtime {

/// A short list that lives in place, so that tables of it are constant data.
template <typename T, int Capacity> class InlineList {
public:
  constexpr InlineList() = default;
  constexpr InlineList(std::initializer_list<T> list) {
    for (const T &item : list)
      push_back(item);
  }

  constexpr void push_back(const T &item) {
    if (count == Capacity)
      throw std::length_error("more entries than an InlineList holds");
    items[count++] = item;
  }

  constexpr int size() const { return count; }
  constexpr bool empty() const { return count == 0; }
  constexpr T &operator[](int i) { return items[i]; }
  constexpr const T &operator[](int i) const { return items[i]; }
  constexpr const T *begin() const { return items; }
  constexpr const T *end() const { return items + count; }

  friend constexpr bool operator==(const InlineList &a, const InlineList &b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

private:
  T items[Capacity] = {};
  int count = 0;
};

/// Sizes of a row-major tensor's dimensions; a scalar's shape is `{}`.
using Shape = InlineList<int64_t, 8>;

/// The number of elements: 1 for a scalar.
constexpr int64_t elements(const Shape &shape) {
  int64_t product = 1;
  for (int64_t size : shape)
    product *= size;
  return product;
}

/// `[64, 3, 7, 7]`, as error messages write it.
inline std::string toString(const Shape &shape) {
  std::string text = "[";
  for (int i = 0; i < shape.size(); ++i)
    text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

/// A set of mesh axes by index: `{}`, `{0}`, `{0, 1}`. A set says enough,
/// because blocks always lie in row-major order over ascending axes.
class AxisSet {
public:
  constexpr AxisSet() = default;
  constexpr AxisSet(std::initializer_list<int> axes) {
    for (int axis : axes)
      bits |= 1u << axis;
  }

  constexpr bool contains(int axis) const { return bits >> axis & 1; }
  constexpr bool empty() const { return bits == 0; }
  constexpr bool intersects(AxisSet other) const { return bits & other.bits; }
  friend constexpr AxisSet operator|(AxisSet a, AxisSet b) {
    a.bits |= b.bits;
    return a;
  }
  constexpr auto operator<=>(const AxisSet &) const = default;

private:
  uint32_t bits = 0;
};

/// For each dimension the mesh axes that split it. `{}` splits nothing, and
/// dimensions beyond the list's end are whole.
using Split = InlineList<AxisSet, 8>;

/// Those that split any dimension.
constexpr AxisSet splittingAxes(const Split &split) {
  AxisSet all;
  for (AxisSet axes : split)
    all = all | axes;
  return all;
}

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_SHAPE_H
