// Contractions as matrix products. Letters are put into groups: batch letters stand in both
// inputs and the result, m and n in the result and one input, k in the inputs only. Where every
// group is one run of memory wherever it stands, one plain product does; else a batch of
// strided ones.
#include "dialects/graph/Equation.h"
#include "dialects/graph/Graph.h"
#include "passes/lowering/calls/RuntimeCall.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringExtras.h"

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
struct Product {
  Term a, b, c;
  llvm::SmallDenseMap<char, int64_t> sizes;

  explicit Product(EinsumOp op)
      : Product(llvm::cantFail(Equation::parse(op.getEquation())), op) {}

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
  std::string batch() const {
    return group(c, [&](char l) { return a.has(l) && b.has(l); });
  }
  std::string m() const {
    return group(c, [&](char l) { return a.has(l) && !b.has(l); });
  }
  std::string n() const {
    return group(c, [&](char l) { return b.has(l) && !a.has(l); });
  }
  std::string k() const {
    return group(a, [&](char l) { return !c.has(l); });
  }

private:
  Product(const Equation &equation, EinsumOp op)
      : a(equation.lhs, shapeOf(op.getLhs())), b(equation.rhs, shapeOf(op.getRhs())),
        c(equation.result, shapeOf(op.getResult())) {
    for (auto [letters, value] : {std::pair(StringRef(equation.lhs), op.getLhs()),
                                  std::pair(StringRef(equation.rhs), op.getRhs())})
      for (auto [letter, size] : llvm::zip_equal(letters, shapeOf(value)))
        sizes[letter] = size;
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

struct LowerEinsum : OpConversionPattern<EinsumOp> {
  LowerEinsum(MLIRContext *context, const CallTarget &target)
      : OpConversionPattern(context), target(target) {
    setHasBoundedRewriteRecursion(); // of products of one type
  }

  LogicalResult matchAndRewrite(EinsumOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Product product(op);
    if (std::optional<LogicalResult> done = asMatmul(op, product, adaptor, rewriter))
      return *done;
    return asStridedMatmul(op, product, adaptor, rewriter);
  }

private:
  /// nullopt where it is no plain product.
  std::optional<LogicalResult> asMatmul(EinsumOp op, const Product &product, OpAdaptor adaptor,
                                        ConversionPatternRewriter &rewriter) const {
    if (!product.batch().empty())
      return std::nullopt;
    std::string m = product.m(), n = product.n(), k = product.k();
    // A result [n, m] is the product of the inputs in the other order.
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
    Config config(rewriter);
    config.integer("m", product.size(m))
        .integer("n", product.size(n))
        .integer("k", product.size(k))
        .flag("transposeA", *transposeA)
        .flag("transposeB", *transposeB);
    SmallVector<Value> inputs = {adaptor.getLhs(), adaptor.getRhs()};
    if (swaps)
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

  LogicalResult asStridedMatmul(EinsumOp op, const Product &product, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const {
    if (castToOneType(op, adaptor, rewriter))
      return success();
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
    constexpr StringRef wayOut =
        "; put a graph.transpose before it that brings letters of one kind "
        "side by side, in one order in every tensor";
    if (loops.size() > 2)
      return op.emitOpError("loops over ")
             << llvm::join(loops, ", ")
             << " around its matrix product, and a call over two at most" << wayOut;
    if (ks.size() > 1)
      return op.emitOpError("sums over ")
             << llvm::join(ks, ", ") << ", and a call over one run of memory" << wayOut;
    while (loops.size() < 2)
      loops.insert(loops.begin(), "");
    std::string k = ks.empty() ? "" : ks.front();
    Config config(rewriter);
    config.integer("outer", product.size(loops[0])).integer("inner", product.size(loops[1]));
    config.integer("m", product.size(m)).integer("n", product.size(n));
    config.integer("k", product.size(k));
    for (auto [name, term, rows, columns, rowName, columnName] :
         {std::tuple("a", &a, m, k, "M", "K"),
          {"b", &b, k, n, "K", "N"},
          {"c", &c, m, n, "M", "N"}}) {
      std::string of = name;
      config.integer(of + "Outer", term->stride(loops[0]))
          .integer(of + "Inner", term->stride(loops[1]))
          .integer(of + rowName, term->stride(rows))
          .integer(of + columnName, term->stride(columns));
    }
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
