// Contractions as matrix products. Letters are put into groups: batch letters stand in both
// inputs and the result, m and n in the result and one input, k in the inputs only. Where every
// group is one run of memory wherever it stands, one plain product does; else a batch of
// strided ones; else the same once letters of a kind have been brought side by side.
#include "dialects/graph/Equation.h"
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

#include "autopar/core/shapes/Products.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar::lowering {

namespace {

/// A tensor's letters and what they step over in memory. Letters of size 1 are left out: they
/// stand wherever one likes.
struct Term {
  std::string letters;
  llvm::SmallDenseMap<char, int64_t> strides;

  Term(StringRef all, ArrayRef<int64_t> shape) {
    int64_t stride = 1;
    for (int dim = static_cast<int>(shape.size()) - 1; dim >= 0; --dim) {
      if (shape[dim] != 1) {
        letters.insert(letters.begin(), all[dim]);
        strides[all[dim]] = stride;
      }
      stride *= shape[dim];
    }
  }
  bool has(char letter) const { return strides.contains(letter); }
  /// Of a run of letters that stand side by side here: of its last one; 0 where they do not
  /// stand.
  int64_t stride(StringRef run) const { return run.empty() ? 0 : strides.lookup(run.back()); }
  bool hasRun(StringRef run) const { return StringRef(letters).contains(run); }
};

/// c = a b by letters.
struct Letters {
  Term a, b, c;
  llvm::SmallDenseMap<char, int64_t> sizes;

  explicit Letters(EinsumOp op)
      : Letters(llvm::cantFail(Equation::parse(op.getEquation())),
                sizesOf(llvm::cantFail(Equation::parse(op.getEquation())), op)) {}
  Letters(const Equation &equation, const llvm::SmallDenseMap<char, int64_t> &sizes)
      : a(equation.lhs, shape(equation.lhs, sizes)), b(equation.rhs, shape(equation.rhs, sizes)),
        c(equation.result, shape(equation.result, sizes)), sizes(sizes) {}

  int64_t size(StringRef run) const {
    int64_t product = 1;
    for (char letter : run)
      product *= sizes.lookup(letter);
    return product;
  }
  /// The letters of `first` that `isMember` of the group, in their order there.
  template <typename IsMember> static std::string group(const Term &first, IsMember isMember) {
    std::string letters;
    llvm::copy_if(first.letters, std::back_inserter(letters), isMember);
    return letters;
  }
  bool isBatch(char l) const { return a.has(l) && b.has(l) && c.has(l); }
  bool isM(char l) const { return a.has(l) && !b.has(l); }
  bool isN(char l) const { return b.has(l) && !a.has(l); }
  bool isK(char l) const { return a.has(l) && b.has(l) && !c.has(l); }
  std::string batch() const {
    return group(c, [&](char l) { return isBatch(l); });
  }
  std::string m() const {
    return group(c, [&](char l) { return isM(l); });
  }
  std::string n() const {
    return group(c, [&](char l) { return isN(l); });
  }
  std::string k() const {
    return group(a, [&](char l) { return isK(l); });
  }

private:
  static llvm::SmallDenseMap<char, int64_t> sizesOf(const Equation &equation, EinsumOp op) {
    llvm::SmallDenseMap<char, int64_t> sizes;
    for (auto [letters, value] : {std::pair(StringRef(equation.lhs), op.getLhs()),
                                  std::pair(StringRef(equation.rhs), op.getRhs())})
      for (auto [letter, size] : llvm::zip_equal(letters, shapeOf(value)))
        sizes[letter] = size;
    return sizes;
  }
  static SmallVector<int64_t> shape(StringRef letters,
                                    const llvm::SmallDenseMap<char, int64_t> &sizes) {
    return llvm::map_to_vector(letters, [&](char letter) { return sizes.lookup(letter); });
  }
};

/// Whether a matrix is [rows, columns] in memory (false) or its transpose (true).
std::optional<bool> transposed(const Term &term, const std::string &rows,
                               const std::string &columns) {
  if (term.letters == rows + columns)
    return false;
  if (term.letters == columns + rows)
    return true;
  return std::nullopt;
}

/// A product of two whole matrices.
struct Plain {
  std::string m, n, k;
  bool swaps; ///< the inputs: the result [n, m] is their product in the other order
  bool transposeA, transposeB;

  static std::optional<Plain> of(const Letters &product) {
    if (!product.batch().empty())
      return std::nullopt;
    std::string m = product.m(), n = product.n(), k = product.k();
    bool swaps = product.c.letters != m + n;
    if (swaps && product.c.letters != n + m)
      return std::nullopt;
    const Term &first = swaps ? product.b : product.a, &second = swaps ? product.a : product.b;
    if (swaps)
      std::swap(m, n);
    std::optional<bool> transposeA = transposed(first, m, k);
    std::optional<bool> transposeB = transposed(second, k, n);
    if (!transposeA || !transposeB)
      return std::nullopt;
    return Plain{m, n, k, swaps, *transposeA, *transposeB};
  }
};

/// `letters` in as few runs as stand side by side in each of the terms.
SmallVector<std::string> runsOf(StringRef letters, ArrayRef<const Term *> terms) {
  SmallVector<std::string> runs;
  for (char letter : letters) {
    std::string longer = (runs.empty() ? "" : runs.back()) + std::string(1, letter);
    bool fits = !runs.empty() &&
                llvm::all_of(terms, [&](const Term *term) { return term->hasRun(longer); });
    if (fits)
      runs.back() = longer;
    else
      runs.emplace_back(1, letter);
  }
  return runs;
}

/// A product of strided matrices in two loops, each group of letters one run of memory.
struct Strided {
  std::string outer, inner, m, n, k;

  static std::optional<Strided> of(const Letters &product) {
    const Term &a = product.a, &b = product.b, &c = product.c;
    SmallVector<std::string> loops = runsOf(product.batch(), {&a, &b, &c});
    // One run of each of m and n is the matrices'; the others are loops too.
    auto longest = [&](SmallVector<std::string> runs) -> std::string {
      if (runs.empty())
        return "";
      auto *chosen = llvm::max_element(runs, [&](const auto &one, const auto &other) {
        return product.size(one) < product.size(other);
      });
      std::string matrix = *chosen;
      runs.erase(chosen);
      llvm::append_range(loops, runs);
      return matrix;
    };
    std::string m = longest(runsOf(product.m(), {&a, &c}));
    std::string n = longest(runsOf(product.n(), {&b, &c}));
    SmallVector<std::string> ks = runsOf(product.k(), {&a, &b});
    if (loops.size() > 2 || ks.size() > 1)
      return std::nullopt;
    while (loops.size() < 2)
      loops.insert(loops.begin(), "");
    return Strided{loops[0], loops[1], m, n, ks.empty() ? "" : ks.front()};
  }
};

bool isOneCall(const Letters &product) {
  return Plain::of(product) || Strided::of(product);
}

/// `letters` with those in front that are `wanted`, in this order; the others, of size 1, stay
/// behind.
std::string ordered(StringRef letters, StringRef wanted) {
  std::string order = wanted.str();
  llvm::copy_if(letters, std::back_inserter(order),
                [&](char letter) { return !wanted.contains(letter); });
  return order;
}

/// The equation that one call computes after as little as possible has been moved: letters of a
/// kind stand side by side in the terms that are, in the order that they have in one that is
/// not.
Equation rearranged(const Equation &equation, const Letters &product) {
  const Term *terms[] = {&product.a, &product.b, &product.c};
  auto elements = [&](unsigned moved) {
    int64_t sum = 0;
    for (unsigned term = 0; term < 3; ++term)
      if (moved >> term & 1)
        sum += product.size(terms[term]->letters);
    return sum;
  };
  SmallVector<unsigned> choices = llvm::to_vector(llvm::seq(1u, 8u));
  llvm::stable_sort(choices, [&](unsigned one, unsigned other) {
    return elements(one) < elements(other);
  });
  for (unsigned moved : choices) {
    // That of the first of the terms, by number, that stays as it is; else of the last one.
    auto group = [&](std::initializer_list<unsigned> of, auto isMember) {
      const unsigned *kept = llvm::find_if(of, [&](unsigned t) { return !(moved >> t & 1); });
      return Letters::group(*terms[kept == of.end() ? *(kept - 1) : *kept], isMember);
    };
    std::string batch = group({2, 0, 1}, [&](char l) { return product.isBatch(l); });
    std::string m = group({2, 0}, [&](char l) { return product.isM(l); });
    std::string n = group({2, 1}, [&](char l) { return product.isN(l); });
    std::string k = group({0, 1}, [&](char l) { return product.isK(l); });
    Equation result = equation;
    if (moved & 1)
      result.lhs = ordered(equation.lhs, batch + m + k);
    if (moved & 2)
      result.rhs = ordered(equation.rhs, batch + k + n);
    if (moved & 4)
      result.result = ordered(equation.result, batch + m + n);
    if (isOneCall(Letters(result, product.sizes)))
      return result;
  }
  llvm_unreachable("where all three are in order, each group is one run");
}

struct LowerEinsum : OpConversionPattern<EinsumOp> {
  LowerEinsum(MLIRContext *context, const CallTarget &target)
      : OpConversionPattern(context), target(target) {
    setHasBoundedRewriteRecursion(); // of products of one type, and of one call
  }

  LogicalResult matchAndRewrite(EinsumOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Letters product(op);
    if (std::optional<Plain> plain = Plain::of(product))
      return asMatmul(op, product, *plain, adaptor, rewriter);
    if (castToOneType(op, adaptor, rewriter))
      return success();
    if (std::optional<Strided> strided = Strided::of(product))
      return asStridedMatmul(op, product, *strided, adaptor, rewriter);
    rearrange(op, product, adaptor, rewriter);
    return success();
  }

private:
  LogicalResult asMatmul(EinsumOp op, const Letters &product, const Plain &plain,
                         OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const {
    Config config(rewriter);
    config.shape(shapes::Matmul{.m = product.size(plain.m),
                                .n = product.size(plain.n),
                                .k = product.size(plain.k),
                                .transposeA = plain.transposeA,
                                .transposeB = plain.transposeB});
    SmallVector<Value> inputs = {adaptor.getLhs(), adaptor.getRhs()};
    if (plain.swaps)
      std::swap(inputs[0], inputs[1]);
    return replaceWithCall(op, "Matmul", config, inputs, target, rewriter);
  }

  /// A batch of strided products is of one element type: others are cast. False where that is
  /// so already.
  bool castToOneType(EinsumOp op, OpAdaptor adaptor,
                     ConversionPatternRewriter &rewriter) const {
    Type lhs = getElementTypeOrSelf(adaptor.getLhs()),
         rhs = getElementTypeOrSelf(adaptor.getRhs());
    if (lhs == rhs && lhs == getElementTypeOrSelf(op.getType()))
      return false;
    Type factors = lhs.getIntOrFloatBitWidth() < rhs.getIntOrFloatBitWidth() ? lhs : rhs;
    auto in = [&](Type element, Value value) -> Value {
      auto type = cast<RankedTensorType>(value.getType()).clone(element);
      return type == value.getType() ? value
                                     : CastOp::create(rewriter, op.getLoc(), type, value);
    };
    Value result =
        EinsumOp::create(rewriter, op.getLoc(), op.getEquation(), in(factors, adaptor.getLhs()),
                         in(factors, adaptor.getRhs()));
    rewriter.replaceOp(op, in(getElementTypeOrSelf(op.getType()), result));
    return true;
  }

  /// Transposes around a product that is one call.
  void rearrange(EinsumOp op, const Letters &product, OpAdaptor adaptor,
                 ConversionPatternRewriter &rewriter) const {
    const Equation given = llvm::cantFail(Equation::parse(op.getEquation()));
    const Equation wanted = rearranged(given, product);
    auto moved = [&](Value value, StringRef from, StringRef to) -> Value {
      if (from == to)
        return value;
      auto permutation = llvm::map_to_vector(
          to, [&](char letter) { return static_cast<int64_t>(from.find(letter)); });
      return TransposeOp::create(rewriter, op.getLoc(), value, permutation);
    };
    Value result = EinsumOp::create(rewriter, op.getLoc(), wanted.str(),
                                    moved(adaptor.getLhs(), given.lhs, wanted.lhs),
                                    moved(adaptor.getRhs(), given.rhs, wanted.rhs));
    rewriter.replaceOp(op, moved(result, wanted.result, given.result));
  }

  LogicalResult asStridedMatmul(EinsumOp op, const Letters &product, const Strided &strided,
                                OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const {
    const auto &[outer, inner, m, n, k] = strided;
    Config config(rewriter);
    const Term &a = product.a, &b = product.b, &c = product.c;
    config.shape(shapes::StridedMatmul{.outer = product.size(outer),
                                       .inner = product.size(inner),
                                       .m = product.size(m),
                                       .n = product.size(n),
                                       .k = product.size(k),
                                       .aOuter = a.stride(outer),
                                       .aInner = a.stride(inner),
                                       .aM = a.stride(m),
                                       .aK = a.stride(k),
                                       .bOuter = b.stride(outer),
                                       .bInner = b.stride(inner),
                                       .bK = b.stride(k),
                                       .bN = b.stride(n),
                                       .cOuter = c.stride(outer),
                                       .cInner = c.stride(inner),
                                       .cM = c.stride(m),
                                       .cN = c.stride(n)});
    return replaceWithCall(op, "StridedMatmul", config, adaptor.getOperands(), target,
                           rewriter);
  }

  const CallTarget &target;
};

} // namespace

void addEinsumPatterns(CallPatterns &patterns) {
  patterns.set.add<LowerEinsum>(patterns.set.getContext(), patterns.target);
}

} // namespace autopar::lowering
