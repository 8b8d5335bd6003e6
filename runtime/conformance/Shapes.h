// The shapes of calls in messages.
#ifndef AUTOPAR_RUNTIME_CONFORMANCE_SHAPES_H
#define AUTOPAR_RUNTIME_CONFORMANCE_SHAPES_H

#include <sstream>
#include <string>

namespace autopar::conformance {

/// `batch 2 height 32 …`: the fields that the shape has on every target.
template <class Shape> std::string named(const Shape &shape) {
  std::ostringstream out;
  Shape::Fields::forEachField(shape, [&](const char *name, const auto &value, auto...) {
    out << name << " " << value << " ";
  });
  return out.str();
}

} // namespace autopar::conformance

#endif // AUTOPAR_RUNTIME_CONFORMANCE_SHAPES_H
