// Sums, means, maxima and norms over dimensions. The mean of images is a pool.
#include "compiler/import/ops/Reduction.h"

#include "compiler/import/Broadcast.h"
#include "compiler/import/Operations.h"

#include <limits>
#include <numeric>

using namespace mlir;

namespace autopar::pt2 {

/// Those that an argument names, from 0 on and in order; all where it names none.
static std::optional<Dims> dimsOf(Importer &importer, const Arguments &arguments, const Held &x,
                                  StringRef name = "dim") {
  const int64_t rank = int64_t(x.shape.size());
  Dims dims(rank);
  std::iota(dims.begin(), dims.end(), 0);
  if (name.empty() || !arguments.has(name))
    return dims;
  std::optional<Dims> given = arguments.integers(name);
  if (given && given->empty())
    return dims;
  if (given)
    for (int64_t &dim : *given)
      dim += dim < 0 ? std::max<int64_t>(rank, 1) : 0;
  if (given && rank == 0)
    return Dims();
  if (given)
    llvm::sort(*given);
  if (!given || given->front() < 0 || given->back() >= rank ||
      std::adjacent_find(given->begin(), given->end()) != given->end())
    return (void)importer.fail("it names dimensions that its tensor has not"), std::nullopt;
  return given;
}

static int64_t elementsAlong(const Held &x, const Dims &dims) {
  int64_t product = 1;
  for (int64_t dim : dims)
    product *= x.shape[dim];
  return product;
}

static Held scaled(Importer &importer, const Held &x, double factor, const Twine &suffix = "") {
  return factor == 1 ? x
                     : importer.apply<graph::ScaleOp>(x, importer.attribute("factor", factor),
                                                     suffix);
}
static Held squared(Importer &importer, const Held &x) {
  return importer.apply<graph::PowerOp>(x, importer.attribute("exponent", 2.0), ".squares");
}
static Held meanOver(Importer &importer, const Held &x, const Dims &dims,
                     const Twine &suffix = "") {
  return scaled(importer, reduced<graph::SumOp>(importer, x, dims, suffix + ".sum"),
                1.0 / double(elementsAlong(x, dims)), suffix);
}

/// Without the dimensions of size 1 that the export does not have.
static LogicalResult result(Importer &importer, const Held &x, size_t index = 0) {
  std::optional<Held> shaped =
      x.value ? importer.reshaped(x, importer.resultShape(index)) : std::nullopt;
  return shaped ? importer.result(*shaped, index) : failure();
}

using Reduce = Held (*)(Importer &importer, const Held &x, const Dims &dims);

/// One tensor over what `dim` names, or over all.
template <Reduce reduce, bool hasDims = true>
static LogicalResult over(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  std::optional<Dims> dims =
      x ? dimsOf(importer, arguments, *x, hasDims ? "dim" : "") : std::nullopt;
  return dims ? result(importer, reduce(importer, Held(*x), *dims)) : failure();
}

static Held sum(Importer &importer, const Held &x, const Dims &dims) {
  return reduced<graph::SumOp>(importer, x, dims);
}
static Held largest(Importer &importer, const Held &x, const Dims &dims) {
  return reduced<graph::MaxOp>(importer, x, dims);
}
static Held least(Importer &importer, const Held &x, const Dims &dims) {
  Held negative = scaled(importer, x, -1, ".negative");
  return scaled(importer, reduced<graph::MaxOp>(importer, negative, dims, ".max"), -1);
}
static Held mean(Importer &importer, const Held &x, const Dims &dims) {
  return meanOver(importer, x, dims);
}

static LogicalResult meanOrPool(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  std::optional<Dims> dims = x ? dimsOf(importer, arguments, *x) : std::nullopt;
  if (!dims)
    return failure();
  if (x->shape.size() != 4 || *dims != Dims{2, 3})
    return over<mean>(importer, arguments);
  Value image = importer.image(*x);
  return image ? globalAverage(importer, image) : failure();
}

/// The root of a sum of squares. Of nothing but zeros its gradient is 0, as PyTorch's: a clamp
/// stands before the root, whose own is infinite there.
static LogicalResult norm(Importer &importer, const Arguments &arguments, StringRef order) {
  const Held *read = importer.real(arguments.tensor("self"));
  std::optional<Dims> dims = read ? dimsOf(importer, arguments, *read) : std::nullopt;
  if (!dims)
    return failure();
  if (arguments.has(order) && arguments.number(order) != 2)
    return importer.fail("its norm is another than the second");
  Held squares = squared(importer, Held(*read));
  Held sums = reduced<graph::SumOp>(importer, squares, *dims, ".sum");
  Held above = importer.apply<graph::ClampOp>(
      sums,
      {importer.attribute("low", double(std::numeric_limits<float>::min())),
       importer.attribute("high", double(std::numeric_limits<float>::max()))},
      ".clamp");
  return result(importer, importer.apply<graph::SqrtOp>(above));
}
static LogicalResult vectorNorm(Importer &importer, const Arguments &arguments) {
  return norm(importer, arguments, "ord");
}
static LogicalResult normOfP(Importer &importer, const Arguments &arguments) {
  return norm(importer, arguments, "p");
}

/// The mean of squared distances from the mean, over `correction` elements less.
static LogicalResult variance(Importer &importer, const Arguments &arguments,
                              std::optional<double> correction, bool isRoot, bool hasMean) {
  const Held *read = importer.real(arguments.tensor("self"));
  std::optional<Dims> dims = read ? dimsOf(importer, arguments, *read) : std::nullopt;
  if (!dims || !correction)
    return importer.fail("its correction is no number");
  Held x = *read;
  const double divisor = double(elementsAlong(x, *dims)) - *correction;
  if (divisor <= 0)
    return importer.fail("it is of too few elements");
  Held mean = meanOver(importer, x, *dims, ".mean");
  Held distance = applyToBoth<graph::SubOp>(importer, x, mean, ".distance");
  Held squares = squared(importer, distance);
  Held found = scaled(importer, reduced<graph::SumOp>(importer, squares, *dims, ".sum"),
                      1 / divisor, isRoot ? ".variance" : "");
  if (isRoot)
    found = importer.apply<graph::SqrtOp>(found);
  if (failed(result(importer, found)))
    return failure();
  return hasMean ? result(importer, mean, 1) : success();
}
/// With a correction, 1 by default, or with `unbiased`, which is one or none.
template <bool isRoot, bool hasMean>
static LogicalResult corrected(Importer &importer, const Arguments &arguments) {
  return variance(importer, arguments,
                  arguments.has("correction") ? arguments.number("correction") : 1, isRoot,
                  hasMean);
}
template <bool isRoot, bool hasMean>
static LogicalResult unbiased(Importer &importer, const Arguments &arguments) {
  return variance(importer, arguments, arguments.flag("unbiased"), isRoot, hasMean);
}

static constexpr OperationForm reductionForms[] = {
    {"aten.sum.dim_IntList", "self dim keepdim=false dtype=null", over<sum>},
    {"aten.sum.default", "self dtype=null", over<sum, false>},
    {"aten.mean.dim", "self dim=null keepdim=false dtype=null", meanOrPool},
    {"aten.mean.default", "self dtype=null", over<mean, false>},
    {"aten.amax.default", "self dim=[] keepdim=false", over<largest>},
    {"aten.amin.default", "self dim=[] keepdim=false", over<least>},
    {"aten.max.default", "self", over<largest, false>},
    {"aten.min.default", "self", over<least, false>},
    {"aten.max.dim", "self dim keepdim=false", over<largest>},
    {"aten.min.dim", "self dim keepdim=false", over<least>},
    {"aten.linalg_vector_norm.default", "self ord=2 dim=null keepdim=false dtype=null",
     vectorNorm},
    {"aten.norm.ScalarOpt_dim", "self p dim keepdim=false", normOfP},
    {"aten.var.correction", "self dim=null correction=null keepdim=false",
     corrected<false, false>},
    {"aten.var.dim", "self dim unbiased=true keepdim=false", unbiased<false, false>},
    {"aten.var_mean.correction", "self dim=null correction=null keepdim=false",
     corrected<false, true>},
    {"aten.std.correction", "self dim=null correction=null keepdim=false",
     corrected<true, false>},
    {"aten.std.dim", "self dim unbiased=true keepdim=false", unbiased<true, false>},
};

ArrayRef<OperationForm> reductionOperations() { return reductionForms; }

} // namespace autopar::pt2
