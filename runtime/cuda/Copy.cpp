// See Copy.h.
#include "autopar/cuda/Copy.h"

#include <functional>
#include <numeric>
#include <stdexcept>
#include <string>

using namespace autopar::cuda;

CopySlice::CopySlice(const Slice &slice) : offset(slice.offset), length(slice.length) {
  const int64_t rank = std::ssize(slice.shape);
  if (slice.dim < 0 || slice.dim >= rank)
    throw std::invalid_argument("CopySlice: dimension " + std::to_string(slice.dim) +
                                " of a tensor of rank " + std::to_string(rank));
  const auto dim = slice.shape.begin() + slice.dim;
  extent = *dim;
  if (offset < 0 || length < 0 || offset + length > extent)
    throw std::invalid_argument("CopySlice: elements " + std::to_string(offset) + " to " +
                                std::to_string(offset + length) + " of a dimension of " +
                                std::to_string(extent));
  outer = std::accumulate(slice.shape.begin(), dim, int64_t(1), std::multiplies<>());
  inner = std::accumulate(dim + 1, slice.shape.end(), int64_t(1), std::multiplies<>());
}
