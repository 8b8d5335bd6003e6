// What matrix products, fully connected layers and attention are made of on every target. A
// target's own shapes may have more fields.
#ifndef AUTOPAR_CORE_SHAPES_PRODUCTS_H
#define AUTOPAR_CORE_SHAPES_PRODUCTS_H

#include "autopar/core/Part.h"

#include <cstdint>

namespace autopar::inline runtime::shapes {

/// c: [m, n]; a: [m, k], with transposeA [k, m]; b: [k, n], with transposeB [n, k].
struct Matmul {
  using Fields = Matmul;
#include "autopar/core/shapes/Matmul.inc"

  /// visit(name, field), and its default where it has one: here and below.
  template <class Shape, class Visit> static void forEachField(Shape &shape, Visit visit) {
#include "autopar/core/shapes/Visit.inc"
#include "autopar/core/shapes/Matmul.inc"
  }
};

/// Two batch dimensions; the strides of each tensor are in elements, in the order of its own
/// dimensions.
struct StridedMatmul {
  using Fields = StridedMatmul;
#include "autopar/core/shapes/StridedMatmul.inc"

  template <class Shape, class Visit> static void forEachField(Shape &shape, Visit visit) {
#include "autopar/core/shapes/Visit.inc"
#include "autopar/core/shapes/StridedMatmul.inc"
  }
};

/// x: [batch, inputs], w: [outputs, inputs], y: [batch, outputs].
struct Linear {
  using Fields = Linear;
#include "autopar/core/shapes/Linear.inc"

  template <class Shape, class Visit> static void forEachField(Shape &shape, Visit visit) {
#include "autopar/core/shapes/Visit.inc"
#include "autopar/core/shapes/Linear.inc"
  }
};

/// qkv: [batch, sequence, 3, heads, headSize], queries, keys and values; y: [batch, sequence,
/// heads, headSize]. `part` says which block of the whole y this is: dropout counts the
/// probabilities by [batch, heads, query, key] of the whole.
struct Attention {
  using Fields = Attention;
#include "autopar/core/shapes/Attention.inc"

  template <class Shape, class Visit> static void forEachField(Shape &shape, Visit visit) {
#include "autopar/core/shapes/Visit.inc"
#include "autopar/core/shapes/Attention.inc"
  }
};

} // namespace autopar::inline runtime::shapes

#endif // AUTOPAR_CORE_SHAPES_PRODUCTS_H
