// See Folds.h.
#include "compiler/import/folds/Folds.h"

#include <cmath>

using namespace llvm;

namespace autopar::pt2 {

void forEachIndex(ArrayRef<int64_t> shape, function_ref<void(ArrayRef<int64_t>)> visit) {
  SmallVector<int64_t> index(shape.size(), 0);
  for (int64_t left = elementsOf(shape); left > 0; --left) {
    visit(index);
    for (size_t dim = index.size(); dim-- > 0;) {
      if (++index[dim] < shape[dim])
        break;
      index[dim] = 0;
    }
  }
}

std::optional<Constant> filled(const TensorFacts &result,
                               function_ref<double(ArrayRef<int64_t>)> at) {
  int64_t elements = elementsOf(result.sizes);
  if (elements > mostFolded)
    return std::nullopt;
  Constant made{result.sizes, {}};
  made.numbers.reserve(elements);
  forEachIndex(result.sizes,
               [&](ArrayRef<int64_t> index) { made.numbers.push_back(at(index)); });
  return made;
}

std::optional<Constant> filledLike(const TensorFacts &result,
                                   ArrayRef<std::shared_ptr<const Constant>> operands,
                                   function_ref<double(ArrayRef<int64_t>)> at) {
  TensorFacts least = result;
  least.sizes.assign(result.sizes.size(), 1);
  for (const auto &operand : operands) {
    if (!operand)
      continue;
    if (!canRepeat(*operand, result))
      return std::nullopt;
    size_t lead = result.sizes.size() - operand->shape.size();
    for (auto [dim, size] : enumerate(operand->shape))
      if (size != 1)
        least.sizes[lead + dim] = size;
  }
  if (elementsOf(result.sizes) == 0)
    least.sizes = result.sizes;
  return filled(least, at);
}

double repeatedAt(const Constant &tensor, ArrayRef<int64_t> index) {
  int64_t place = 0;
  size_t lead = index.size() - tensor.shape.size();
  for (auto [dim, size] : enumerate(tensor.shape))
    place = place * size + (size == 1 ? 0 : index[lead + dim]);
  return tensor.numbers[place];
}

bool canRepeat(const Constant &tensor, const TensorFacts &result) {
  if (tensor.shape.size() > result.sizes.size())
    return false;
  size_t lead = result.sizes.size() - tensor.shape.size();
  for (auto [dim, size] : enumerate(tensor.shape))
    if (size != 1 && size != result.sizes[lead + dim])
      return false;
  return true;
}

std::optional<Joined> Joined::along(Importer &importer, ArrayRef<StringRef> names, int64_t dim,
                                    ArrayRef<int64_t> sizes) {
  Joined joined;
  joined.dim = dim;
  for (StringRef name : names) {
    auto part = importer.constant(name);
    if (!part || part->shape.size() != sizes.size())
      return std::nullopt;
    for (auto [other, size] : enumerate(part->shape))
      if (int64_t(other) != dim && size != sizes[other])
        return std::nullopt;
    for (int64_t i = 0; i < part->shape[dim]; ++i)
      joined.places.push_back({joined.parts.size(), i});
    joined.parts.push_back(part);
  }
  return joined;
}

double Joined::at(ArrayRef<int64_t> index, int64_t i) const {
  auto [part, place] = places[i];
  SmallVector<int64_t> of(index);
  of[dim] = place;
  return repeatedAt(*parts[part], of);
}

std::optional<int64_t> dimensionOf(std::optional<int64_t> dim, size_t rank) {
  if (dim && *dim < 0)
    *dim += int64_t(rank);
  return dim && *dim >= 0 && *dim < int64_t(rank) ? dim : std::nullopt;
}

double as(ScalarType type, double number) {
  return type == ScalarType::Bool ? double(number != 0)
         : isInteger(type)        ? std::trunc(number)
                                  : number;
}

} // namespace autopar::pt2
