// Constants that are made of nothing but numbers: ranges, tensors of one number.
#include "compiler/import/folds/Folds.h"

using namespace llvm;

namespace autopar::pt2 {

static std::optional<Constant> arange(Importer &, const Arguments &arguments,
                                      const TensorFacts &result) {
  double start = arguments.number("start").value_or(0);
  double step = arguments.number("step").value_or(1);
  if (result.sizes.size() != 1)
    return std::nullopt;
  return filled(result,
                [&](ArrayRef<int64_t> index) { return start + double(index[0]) * step; });
}

/// PyTorch counts the second half from the end.
static std::optional<Constant> linspace(Importer &, const Arguments &arguments,
                                        const TensorFacts &result) {
  std::optional<double> start = arguments.number("start"), end = arguments.number("end");
  if (!start || !end || result.sizes.size() != 1)
    return std::nullopt;
  int64_t steps = result.sizes[0];
  double step = steps > 1 ? (*end - *start) / double(steps - 1) : 0;
  return filled(result, [&](ArrayRef<int64_t> index) {
    return index[0] < steps / 2 ? *start + double(index[0]) * step
                                : *end - double(steps - 1 - index[0]) * step;
  });
}

template <int number>
static std::optional<Constant> all(Importer &, const Arguments &, const TensorFacts &result) {
  return filled(result, [](ArrayRef<int64_t>) { return number; });
}

static std::optional<double> numberIn(const Arguments &arguments, StringRef name) {
  std::optional<double> number = arguments.number(name);
  if (std::optional<bool> flag = number ? std::nullopt : arguments.boolean(name))
    number = *flag;
  return number;
}

/// Of one number, everywhere: new ones, and what is filled in place.
template <const char *name>
static std::optional<Constant> full(Importer &, const Arguments &arguments,
                                    const TensorFacts &result) {
  std::optional<double> number = numberIn(arguments, name);
  if (!number)
    return std::nullopt;
  return filled(result, [&](ArrayRef<int64_t>) { return as(result.type, *number); });
}
static constexpr char fillValue[] = "fill_value", value[] = "value", scalar[] = "s";

static std::optional<Constant> eye(Importer &, const Arguments &, const TensorFacts &result) {
  if (result.sizes.size() != 2)
    return std::nullopt;
  return filled(result, [](ArrayRef<int64_t> index) { return index[0] == index[1]; });
}

#define MADE "dtype=null layout=null device=null pin_memory=null"
static constexpr FoldForm madeForms[] = {
    {"aten.arange.default", "end start=0 step=1 " MADE, arange},
    {"aten.arange.start", "start end step=1 " MADE, arange},
    {"aten.arange.start_step", "start end step=1 " MADE, arange},
    {"aten.linspace.default", "start end steps " MADE, linspace},
    {"aten.eye.default", "n " MADE, eye},
    {"aten.eye.m", "n m " MADE, eye},
    {"aten.ones.default", "size " MADE, all<1>},
    {"aten.zeros.default", "size " MADE, all<0>},
    {"aten.ones_like.default", "self memory_format=null " MADE, all<1>, "self"},
    {"aten.zeros_like.default", "self memory_format=null " MADE, all<0>, "self"},
    {"aten.new_ones.default", "self size " MADE, all<1>, "self"},
    {"aten.new_zeros.default", "self size " MADE, all<0>, "self"},
    {"aten.new_full.default", "self size fill_value " MADE, full<fillValue>,
     "self"},
    {"aten.full.default", "size fill_value " MADE, full<fillValue>},
    {"aten.full_like.default", "self fill_value memory_format=null " MADE, full<fillValue>,
     "self"},
    {"aten.scalar_tensor.default", "s " MADE, full<scalar>},
    {"aten.fill.Scalar", "self value", full<value>, "self"},
    {"aten.fill_.Scalar", "self value", full<value>},
    {"aten.zero_.default", "self", all<0>},
};
#undef MADE

ArrayRef<FoldForm> madeFolds() { return madeForms; }

} // namespace autopar::pt2
