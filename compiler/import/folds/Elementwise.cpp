// What is computed of constants alone, as far as positions and masks need it. Numbers are
// doubles: whole ones and booleans are exact.
#include "compiler/import/Operations.h"

#include <cmath>
#include <numeric>

using namespace llvm;

namespace autopar::pt2 {

static int64_t elementsOf(ArrayRef<int64_t> shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t(1), std::multiplies<>());
}

/// The result with the number that `at` gives for each index.
static std::optional<Constant> filled(const TensorFacts &result,
                                      function_ref<double(ArrayRef<int64_t>)> at) {
  int64_t elements = elementsOf(result.sizes);
  if (elements > mostFolded)
    return std::nullopt;
  Constant made{result.sizes, {}};
  made.numbers.reserve(elements);
  SmallVector<int64_t> index(result.sizes.size(), 0);
  for (int64_t done = 0; done < elements; ++done) {
    made.numbers.push_back(at(index));
    for (size_t dim = index.size(); dim-- > 0;) {
      if (++index[dim] < result.sizes[dim])
        break;
      index[dim] = 0;
    }
  }
  return made;
}

/// The element at an index of a tensor that this one is repeated to.
static double repeatedAt(const Constant &tensor, ArrayRef<int64_t> index) {
  int64_t place = 0;
  size_t lead = index.size() - tensor.shape.size();
  for (auto [dim, size] : enumerate(tensor.shape))
    place = place * size + (size == 1 ? 0 : index[lead + dim]);
  return tensor.numbers[place];
}

static bool canRepeat(const Constant &tensor, const TensorFacts &result) {
  if (tensor.shape.size() > result.sizes.size())
    return false;
  size_t lead = result.sizes.size() - tensor.shape.size();
  for (auto [dim, size] : enumerate(tensor.shape))
    if (size != 1 && size != result.sizes[lead + dim])
      return false;
  return true;
}

static std::optional<Constant> arange(Importer &, const Arguments &arguments,
                                      const TensorFacts &result) {
  double start = arguments.number("start").value_or(0);
  double step = arguments.number("step").value_or(1);
  if (result.sizes.size() != 1)
    return std::nullopt;
  return filled(result,
                [&](ArrayRef<int64_t> index) { return start + double(index[0]) * step; });
}

template <int number>
static std::optional<Constant> all(Importer &, const Arguments &, const TensorFacts &result) {
  return filled(result, [](ArrayRef<int64_t>) { return number; });
}

static std::optional<Constant> full(Importer &, const Arguments &arguments,
                                    const TensorFacts &result) {
  std::optional<double> number = arguments.number("fill_value");
  if (std::optional<bool> flag = number ? std::nullopt : arguments.boolean("fill_value"))
    number = *flag;
  if (!number)
    return std::nullopt;
  return filled(result, [&](ArrayRef<int64_t>) { return *number; });
}

/// The same numbers, read as another type.
static double as(ScalarType type, double number) {
  return type == ScalarType::Bool ? double(number != 0)
         : isInteger(type)        ? std::trunc(number)
                                  : number;
}

/// In row-major order under the result's shape.
static std::optional<Constant> reshape(Importer &importer, const Arguments &arguments,
                                       const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  if (!x || int64_t(x->numbers.size()) != elementsOf(result.sizes))
    return std::nullopt;
  Constant made{result.sizes, x->numbers};
  for (double &number : made.numbers)
    number = as(result.type, number);
  return made;
}

static std::optional<Constant> expand(Importer &importer, const Arguments &arguments,
                                      const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  if (!x || !canRepeat(*x, result))
    return std::nullopt;
  return filled(result, [&](ArrayRef<int64_t> index) { return repeatedAt(*x, index); });
}

static std::optional<Constant> transpose(Importer &importer, const Arguments &arguments,
                                         const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  int64_t rank = int64_t(result.sizes.size());
  int64_t a = arguments.integer("dim0").value_or(rank),
          b = arguments.integer("dim1").value_or(rank);
  a += a < 0 ? rank : 0;
  b += b < 0 ? rank : 0;
  if (!x || int64_t(x->shape.size()) != rank || a < 0 || b < 0 || a >= rank || b >= rank)
    return std::nullopt;
  std::vector<int64_t> swapped = x->shape;
  std::swap(swapped[a], swapped[b]);
  if (swapped != result.sizes)
    return std::nullopt;
  return filled(result, [&](ArrayRef<int64_t> index) {
    SmallVector<int64_t> of(index);
    std::swap(of[a], of[b]);
    return repeatedAt(*x, of);
  });
}

static std::optional<Constant> slice(Importer &importer, const Arguments &arguments,
                                     const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  int64_t rank = int64_t(result.sizes.size());
  int64_t dim = arguments.integer("dim").value_or(rank);
  int64_t step = arguments.integer("step").value_or(0);
  dim += dim < 0 ? rank : 0;
  if (!x || int64_t(x->shape.size()) != rank || dim < 0 || dim >= rank || step < 1)
    return std::nullopt;
  int64_t size = x->shape[dim], begin = arguments.integer("start").value_or(0);
  begin = std::clamp<int64_t>(begin < 0 ? begin + size : begin, 0, size);
  for (int64_t other = 0; other < rank; ++other)
    if (other != dim && x->shape[other] != result.sizes[other])
      return std::nullopt;
  int64_t count = result.sizes[dim];
  if (count > 0 && (count - 1 > (size - 1) / step || begin + (count - 1) * step >= size))
    return std::nullopt;
  std::vector<int64_t> places = x->shape;
  return filled(result, [&](ArrayRef<int64_t> index) {
    int64_t place = 0;
    for (int64_t i = 0; i < rank; ++i)
      place = place * places[i] + (i == dim ? begin + index[i] * step : index[i]);
    return x->numbers[place];
  });
}

template <bool lower>
static std::optional<Constant> triangle(Importer &importer, const Arguments &arguments,
                                        const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  std::optional<int64_t> diagonal = arguments.integer("diagonal");
  if (!x || !diagonal || x->shape != result.sizes || result.sizes.size() < 2)
    return std::nullopt;
  return filled(result, [&](ArrayRef<int64_t> index) {
    int64_t above = index.back() - index[index.size() - 2];
    return (lower ? above <= *diagonal : above >= *diagonal) ? repeatedAt(*x, index) : 0.0;
  });
}

/// Of two operands, the second of which may be a number.
template <typename Operator>
static std::optional<Constant> binary(Importer &importer, const Arguments &arguments,
                                      const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  std::optional<double> number = arguments.number("other");
  auto y = number ? nullptr : importer.constant(arguments.tensor("other"));
  if (!x || (!number && !y) || !canRepeat(*x, result) || (y && !canRepeat(*y, result)))
    return std::nullopt;
  return filled(result, [&](ArrayRef<int64_t> index) {
    return double(Operator()(repeatedAt(*x, index), number ? *number : repeatedAt(*y, index)));
  });
}

template <typename Operator>
static std::optional<Constant> scaledBinary(Importer &importer, const Arguments &arguments,
                                            const TensorFacts &result) {
  return arguments.number("alpha") == 1 ? binary<Operator>(importer, arguments, result)
                                        : std::nullopt;
}

static std::optional<Constant> logicalNot(Importer &importer, const Arguments &arguments,
                                          const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  if (!x || result.type != ScalarType::Bool || x->shape != result.sizes)
    return std::nullopt;
  return filled(result, [&](ArrayRef<int64_t> index) { return repeatedAt(*x, index) == 0; });
}

static std::optional<Constant> maskedFill(Importer &importer, const Arguments &arguments,
                                          const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  auto mask = importer.constant(arguments.tensor("mask"));
  std::optional<double> value = arguments.number("value");
  if (!x || !mask || !value || !canRepeat(*x, result) || !canRepeat(*mask, result))
    return std::nullopt;
  return filled(result, [&](ArrayRef<int64_t> index) {
    return repeatedAt(*mask, index) != 0 ? *value : repeatedAt(*x, index);
  });
}

#define MADE "dtype=null layout=null device=null pin_memory=null"
static constexpr FoldForm constantForms[] = {
    {"aten.arange.default", "end start=0 step=1 " MADE, arange},
    {"aten.arange.start", "start end step=1 " MADE, arange},
    {"aten.arange.start_step", "start end step=1 " MADE, arange},
    {"aten.ones.default", "size " MADE, all<1>},
    {"aten.zeros.default", "size " MADE, all<0>},
    {"aten.ones_like.default", "self memory_format=null " MADE, all<1>},
    {"aten.zeros_like.default", "self memory_format=null " MADE, all<0>},
    {"aten.full.default", "size fill_value " MADE, full},
    {"aten.full_like.default", "self fill_value memory_format=null " MADE, full},
    {"aten.view.default", "self size", reshape},
    {"aten.reshape.default", "self shape", reshape},
    {"aten.flatten.using_ints", "self start_dim=0 end_dim=-1", reshape},
    {"aten.squeeze.default", "self", reshape},
    {"aten.squeeze.dim", "self dim", reshape},
    {"aten.unsqueeze.default", "self dim", reshape},
    {"aten.contiguous.default", "self memory_format=null", reshape},
    {"aten.alias.default", "self", reshape},
    {"aten.clone.default", "self memory_format=null", reshape},
    {"aten.detach.default", "self", reshape},
    {"aten.lift_fresh_copy.default", "self", reshape},
    {"aten.to.dtype", "self dtype non_blocking=false copy=false memory_format=null", reshape},
    {"aten.to.device",
     "self device dtype=null non_blocking=false copy=false memory_format=null", reshape},
    {"aten.to.dtype_layout", "self non_blocking=false copy=false memory_format=null " MADE,
     reshape},
    {"aten.expand.default", "self size implicit=false", expand},
    {"aten.transpose.int", "self dim0 dim1", transpose},
    {"aten.slice.Tensor", "self dim=0 start=null end=null step=1", slice},
    {"aten.tril.default", "self diagonal=0", triangle<true>},
    {"aten.triu.default", "self diagonal=0", triangle<false>},
    {"aten.eq.Scalar", "self other", binary<std::equal_to<>>},
    {"aten.ne.Scalar", "self other", binary<std::not_equal_to<>>},
    {"aten.lt.Scalar", "self other", binary<std::less<>>},
    {"aten.le.Scalar", "self other", binary<std::less_equal<>>},
    {"aten.gt.Scalar", "self other", binary<std::greater<>>},
    {"aten.ge.Scalar", "self other", binary<std::greater_equal<>>},
    {"aten.lt.Tensor", "self other", binary<std::less<>>},
    {"aten.le.Tensor", "self other", binary<std::less_equal<>>},
    {"aten.gt.Tensor", "self other", binary<std::greater<>>},
    {"aten.ge.Tensor", "self other", binary<std::greater_equal<>>},
    {"aten.add.Tensor", "self other alpha=1", scaledBinary<std::plus<>>},
    {"aten.sub.Tensor", "self other alpha=1", scaledBinary<std::minus<>>},
    {"aten.mul.Tensor", "self other", binary<std::multiplies<>>},
    {"aten.logical_not.default", "self", logicalNot},
    {"aten.bitwise_not.default", "self", logicalNot},
    {"aten.masked_fill.Scalar", "self mask value", maskedFill},
};
#undef MADE

ArrayRef<FoldForm> folds() { return constantForms; }

} // namespace autopar::pt2
