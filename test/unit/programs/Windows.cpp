// Loops over windows. See Windows.h.
#include "test/unit/programs/Windows.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace autopar {

//===- convolutions -----------------------------------------------------------------------===//

/// Calls visit(x, w, y) with the offsets of each product y[n,p,q,k] += x[n,h,w,c] w[k,c,i,j].
static void forEachProduct(const Convolution &of, Shape x, Shape w, Shape y,
                           llvm::function_ref<void(int64_t, int64_t, int64_t)> visit) {
  int64_t channels = w[1], filters = w[0] / of.groups;
  for (int64_t n = 0; n < y[0]; ++n)
    for (int64_t p = 0; p < y[1]; ++p)
      for (int64_t q = 0; q < y[2]; ++q)
        for (int64_t i = 0; i < w[2]; ++i)
          for (int64_t j = 0; j < w[3]; ++j) {
            int64_t row = p * of.strides[0] - of.padding[0] + i * of.dilations[0];
            int64_t col = q * of.strides[1] - of.padding[1] + j * of.dilations[1];
            if (row < 0 || row >= x[1] || col < 0 || col >= x[2])
              continue;
            for (int64_t k = 0; k < w[0]; ++k)
              for (int64_t c = 0; c < channels; ++c)
                visit(((n * x[1] + row) * x[2] + col) * x[3] + k / filters * channels + c,
                      ((k * channels + c) * w[2] + i) * w[3] + j,
                      ((n * y[1] + p) * y[2] + q) * y[3] + k);
          }
}

Tensor Convolution::forward(const Tensor &x, const Tensor &w, Shape shape) const {
  Tensor y(shape);
  forEachProduct(*this, x.shape, w.shape, y.shape,
                 [&](int64_t a, int64_t b, int64_t c) { y[c] += x[a] * w[b]; });
  return y;
}
Tensor Convolution::inputGrad(const Tensor &dy, const Tensor &w, Shape shape) const {
  Tensor dx(shape);
  forEachProduct(*this, dx.shape, w.shape, dy.shape,
                 [&](int64_t a, int64_t b, int64_t c) { dx[a] += dy[c] * w[b]; });
  return dx;
}
Tensor Convolution::weightGrad(const Tensor &x, const Tensor &dy, Shape shape) const {
  Tensor dw(shape);
  forEachProduct(*this, x.shape, dw.shape, dy.shape,
                 [&](int64_t a, int64_t b, int64_t c) { dw[b] += x[a] * dy[c]; });
  return dw;
}

//===- pools ------------------------------------------------------------------------------===//

/// Offset into the image, place in the window.
using Window = llvm::ArrayRef<std::pair<int64_t, int64_t>>;

/// Calls visit(output element, its window) for each output element; padding is left out.
static void forEachWindow(const Pool &of, Shape x, Shape y,
                          llvm::function_ref<void(int64_t, Window)> visit) {
  for (int64_t out = 0, end = y[0] * y[1] * y[2] * y[3]; out < end; ++out) {
    int64_t c = out % y[3], q = out / y[3] % y[2], p = out / y[3] / y[2] % y[1];
    int64_t n = out / y[3] / y[2] / y[1];
    llvm::SmallVector<std::pair<int64_t, int64_t>> window;
    for (int64_t i = 0; i < of.kernel[0]; ++i)
      for (int64_t j = 0; j < of.kernel[1]; ++j) {
        int64_t row = p * of.strides[0] - of.padding[0] + i;
        int64_t col = q * of.strides[1] - of.padding[1] + j;
        if (row >= 0 && row < x[1] && col >= 0 && col < x[2])
          window.emplace_back(((n * x[1] + row) * x[2] + col) * x[3] + c, i * of.kernel[1] + j);
      }
    visit(out, window);
  }
}

Tensors Pool::largest(const Tensor &x, Shape shape) const {
  Tensor y(shape), indices(shape);
  forEachWindow(*this, x.shape, shape, [&](int64_t out, Window window) {
    auto largest = window.front();
    for (auto element : window)
      if (x[element.first] > x[largest.first])
        largest = element;
    y[out] = x[largest.first];
    indices[out] = static_cast<double>(largest.second);
  });
  return {y, indices};
}
Tensor Pool::largestGrad(const Tensor &dy, const Tensor &indices, Shape shape) const {
  Tensor dx(shape);
  forEachWindow(*this, shape, dy.shape, [&](int64_t out, Window window) {
    for (auto [at, place] : window)
      if (static_cast<double>(place) == indices[out])
        dx[at] += dy[out];
  });
  return dx;
}
static double divisor(const Pool &of, Window window) {
  return static_cast<double>(of.countsPadding ? of.kernel[0] * of.kernel[1] : window.size());
}
Tensor Pool::average(const Tensor &x, Shape shape) const {
  Tensor y(shape);
  forEachWindow(*this, x.shape, shape, [&](int64_t out, Window window) {
    for (auto [at, place] : window)
      y[out] += x[at] / divisor(*this, window);
  });
  return y;
}
Tensor Pool::averageGrad(const Tensor &dy, Shape shape) const {
  Tensor dx(shape);
  forEachWindow(*this, shape, dy.shape, [&](int64_t out, Window window) {
    for (auto [at, place] : window)
      dx[at] += dy[out] / divisor(*this, window);
  });
  return dx;
}

} // namespace autopar
