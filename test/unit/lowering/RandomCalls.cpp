// Calls written one after the other, on operands drawn from those that there are. See
// RandomCalls.h.
#include "RandomCalls.h"

#include "RandomText.h"

#include "llvm/ADT/StringExtras.h"

using llvm::formatv;

namespace autopar {

namespace {

/// Activations: [rows, width], of any element type.
constexpr int64_t rows = 8;

struct Value {
  std::string name;
  int64_t width;
  std::string element;
  bool isRead = false;

  std::string type() const { return formatv("tensor<{0}x{1}x{2}>", rows, width, element); }
  int64_t count() const { return rows * width; }
};

std::string single(int64_t count) { return formatv("tensor<{0}xf32>", count); }
std::string single(int64_t outer, int64_t inner) {
  return formatv("tensor<{0}x{1}xf32>", outer, inner);
}

class CallProgram : RandomText {
public:
  explicit CallProgram(unsigned seed) : RandomText(seed), narrow(seed % 2 ? "bf16" : "f32") {
    for (int64_t width : widths)
      values.push_back({formatv("%x{0}", width), width, narrow});
  }

  std::string text() {
    std::string arguments = "%lr: tensor<f32> {graph.input = \"learning_rate\"}, "
                            "%other: tensor<f32> {graph.input = \"other_rate\"}, "
                            "%state: tensor<2xi64> {graph.input = \"state\"}";
    const std::string ofUpdate = arguments;
    for (const Value &input : values)
      arguments += formatv(", {0}: {1} {{graph.input = \"{2}\"}", input.name, input.type(),
                           input.name.substr(1));
    for (int i = 0; i < 40; ++i)
      addSomething();
    if (!squares.empty())
      results.push_back({sumSquares(squares), "tensor<f64>"});
    returnUnread(values);
    const std::string step = function("step", arguments);
    addUpdate();
    return cudaModule(/*ranks=*/1, step + function("update", ofUpdate));
  }

private:
  static constexpr int64_t widths[] = {8, 16, 12};
  static constexpr llvm::StringLiteral ones[] = {"Relu", "Silu", "Tanh", "Hardswish"};
  static constexpr llvm::StringLiteral pairs[] = {"ReluGrad", "SiluGrad", "Mul", "Maximum"};

  template <typename Fits> Value take(Fits fits) { return RandomText::take(values, fits); }
  Value take() {
    return take([](const Value &) { return true; });
  }
  /// One of the same type, itself if there is no other.
  Value takeLike(const Value &value) {
    return take([&](const Value &other) { return other.type() == value.type(); });
  }
  Value make(int64_t width, std::string element) {
    values.push_back({fresh(), width, std::move(element)});
    return values.back();
  }
  Value makeLike(const Value &value) { return make(value.width, value.element); }

  //===- forward --------------------------------------------------------------------------===//

  void addSomething() {
    switch (draw(12)) {
    case 0:
    case 1:
    case 2:
      return addProduct();
    case 3:
      return addBias();
    case 4:
      return addGelu();
    case 5:
      return addGeluGrad();
    case 6:
      return addPair("Add");
    case 7:
      return draw(2) ? addPair(pairs[draw(std::size(pairs))])
                     : addOne(ones[draw(std::size(ones))], "");
    case 8:
      return draw(3) == 0 ? addOne("Scale", ", factor = 0.5 : f64")
             : draw(2)    ? addDropout()
                          : addExpanded();
    case 9:
      return addCast();
    case 10:
      return addNorm();
    default:
      return addGradients();
    }
  }

  void addProduct() {
    const Value x = take(), y = make(widths[draw(3)], x.element);
    if (draw(2)) {
      const std::string type = single(x.width, y.width), w = variable("parameter", type);
      line("{0} = rt.call \"Matmul\" {{m = {1} : i64, n = {2} : i64, k = {3} : i64{4}{5}} "
           "({6}, {7}) workspace 0 : ({8}, {9}) -> {10}",
           y.name, rows, y.width, x.width, elementField("typeA", x.element),
           elementField("typeC", y.element), x.name, w, x.type(), type, y.type());
    } else {
      const std::string type = single(y.width, x.width), w = variable("parameter", type);
      line("{0} = rt.call \"LinearForward\" {{batch = {1} : i64, inputs = {2} : i64, outputs = "
           "{3} : i64{4}} ({5}, {6}) workspace 0 : ({7}, {8}) -> {9}",
           y.name, rows, x.width, y.width, elementField("type", x.element), x.name, w, x.type(),
           type, y.type());
    }
    if (draw(2)) // as networks have it
      draw(2) ? addBias() : draw(2) ? addPair("Add") : addGeluGrad();
  }
  void addBias() {
    const Value x = take(), y = makeLike(x);
    const std::string type = single(x.width), b = variable("parameter", type);
    line("{0} = rt.call \"BiasAdd\" {{rows = {1} : i64, channels = {2} : i64} ({3}, {4}) : "
         "({5}, {6}) -> {7}",
         y.name, rows, x.width, x.name, b, x.type(), type, y.type());
    if (draw(2))
      draw(2) ? addGelu() : addPair("Add");
    else if (draw(2)) // as an MLP has it: its GELU, and the way back
      addMlp(y);
  }
  void addMlp(const Value &sum) {
    const Value y = makeLike(sum), dy = takeLike(sum), dx = makeLike(sum);
    const std::string count = formatv("count = {0} : i64, tanh = true", sum.count());
    line("{0} = rt.call \"Gelu\" {{{1}} ({2}) : ({3}) -> {3}", y.name, count, sum.name,
         sum.type());
    line("{0} = rt.call \"GeluGrad\" {{{1}} ({2}, {3}) : ({4}, {4}) -> {4}", dx.name, count,
         dy.name, sum.name, sum.type());
  }
  void addOne(llvm::StringRef callee, llvm::StringRef fields) {
    const Value x = take(), y = makeLike(x);
    line("{0} = rt.call \"{1}\" {{count = {2} : i64{3}} ({4}) : ({5}) -> {5}", y.name, callee,
         x.count(), fields, x.name, x.type());
  }
  void addGelu() { addOne("Gelu", draw(4) ? ", tanh = true" : ""); }
  void addPair(llvm::StringRef callee, llvm::StringRef fields = "") {
    const Value x = take(), other = takeLike(x), y = makeLike(x);
    const bool swaps = callee == "Add" && draw(2);
    line("{0} = rt.call \"{1}\" {{count = {2} : i64{3}} ({4}, {5}) : ({6}, {6}) -> {6}", y.name,
         callee, x.count(), fields, swaps ? other.name : x.name, swaps ? x.name : other.name,
         x.type());
  }
  void addGeluGrad() { addPair("GeluGrad", draw(4) ? ", tanh = true" : ""); }
  void addDropout() {
    const Value x = take(), y = makeLike(x);
    line("{0} = rt.call \"Dropout\" {{shape = array<i64: {1}, {2}>, rate = 0.25 : f64, site = "
         "{3} : i64, part = #dist.part<whole = [{1}, {2}], axes = [[], []]>} ({4}, %state) : "
         "({5}, tensor<2xi64>) -> {5}",
         y.name, rows, x.width, draw(4), x.name, x.type());
  }
  /// A row's mean, subtracted from it.
  void addExpanded() {
    const Value x = take(), y = makeLike(x);
    const std::string sum = fresh(), repeated = fresh(),
                      each = formatv("tensor<{0}x1x{1}>", rows, x.element),
                      fields = formatv("shape = array<i64: {0}, {1}>, dims = array<i64: 1>",
                                       rows, x.width);
    line("{0} = rt.call \"Sum\" {{{1}} ({2}) workspace 0 : ({3}) -> {4}", sum, fields, x.name,
         x.type(), each);
    line("{0} = rt.call \"Expand\" {{{1}} ({2}) : ({3}) -> {4}", repeated, fields, sum,
         each, x.type());
    line("{0} = rt.call \"Sub\" {{count = {1} : i64} ({2}, {3}) : ({4}, {4}) -> {4}", y.name,
         x.count(), x.name, repeated, x.type());
  }
  void addCast() {
    const Value x = take(), y = make(x.width, x.element == "f32" ? "bf16" : "f32");
    line("{0} = rt.call \"Cast\" {{count = {1} : i64} ({2}) : ({3}) -> {4}", y.name, x.count(),
         x.name, x.type(), y.type());
  }

  /// A layer norm's gradient with the statistics of the norm before it.
  void addNorm() {
    const Value x = take(), y = makeLike(x);
    const std::string channels = single(x.width), each = single(rows), statistics = fresh(),
                      gamma = variable("parameter", channels),
                      beta = variable("parameter", channels);
    line("{0}, {1}, {1}.r = rt.call \"LayerNorm\" {{rows = {2} : i64, channels = {3} : i64, "
         "epsilon = 1.0e-5 : f64} ({4}, {5}, {6}) : ({7}, {8}, {8}) -> ({7}, {9}, {9})",
         y.name, statistics, rows, x.width, x.name, gamma, beta, x.type(), channels, each);
    const Value dy = takeLike(x), dx = makeLike(x);
    line("{0} = rt.call \"LayerNormGradInput\" {{rows = {1} : i64, channels = {2} : i64} "
         "({3}, {4}, {5}, {6}, {6}.r) : ({7}, {7}, {8}, {9}, {9}) -> {7}",
         dx.name, rows, x.width, dy.name, x.name, gamma, statistics, x.type(), channels, each);
    if (draw(2))
      addPair("Add");
  }

  //===- gradients ------------------------------------------------------------------------===//

  /// Of a weight and of a bias, in either order, perhaps with something between.
  void addGradients() {
    const Value dy = take();
    const bool hasBias = draw(4), biasFirst = draw(2);
    if (hasBias && biasFirst)
      addBiasGradient(dy);
    if (draw(4) == 0)
      addSomething();
    addWeightGradient(dy);
    if (draw(4) == 0)
      addSomething();
    if (hasBias && !biasFirst)
      addBiasGradient(dy);
  }
  void addBiasGradient(const Value &dy) {
    const std::string gradient = fresh();
    line("{0} = rt.call \"BiasGrad\" {{rows = {1} : i64, channels = {2} : i64} ({3}) workspace "
         "0 : ({4}) -> {5}",
         gradient, rows, dy.width, dy.name, dy.type(), single(dy.width));
    use(gradient, dy.width, single(dy.width));
  }
  void addWeightGradient(const Value &dy) {
    const Value x = take([&](const Value &other) { return other.element == dy.element; });
    const std::string gradient = fresh();
    std::string type = single(x.width, dy.width);
    if (draw(3) == 0) {
      type = single(dy.width, x.width);
      line("{0} = rt.call \"LinearWeightGrad\" {{batch = {1} : i64, inputs = {2} : i64, "
           "outputs = {3} : i64{4}} ({5}, {6}) workspace 0 : ({7}, {8}) -> {9}",
           gradient, rows, x.width, dy.width, elementField("type", x.element), x.name, dy.name,
           x.type(), dy.type(), type);
    } else {
      line("{0} = rt.call \"Matmul\" {{m = {1} : i64, n = {2} : i64, k = {3} : i64, transposeA "
           "= true{4}{5}} ({6}, {7}) workspace 0 : ({8}, {9}) -> {10}",
           gradient, x.width, dy.width, rows, elementField("typeA", x.element),
           elementField("typeB", dy.element), x.name, dy.name, x.type(), dy.type(), type);
    }
    use(gradient, x.width * dy.width, type);
  }

  /// A gradient updates its parameter, is added to a total or is returned; some are read by
  /// others, too.
  void use(const std::string &gradient, int64_t count, const std::string &type) {
    if (draw(6) == 0)
      results.push_back({gradient, type});
    if (draw(4) == 0)
      squares.push_back({gradient, count, type});
    switch (draw(5)) {
    case 0:
    case 3:
      return addToTotal(gradient, count, type);
    case 1:
      return updateBySgd(gradient, count, type);
    case 2:
      return updateByAdamW(gradient, count, type);
    default:
      results.push_back({gradient, type});
    }
  }
  void addToTotal(const std::string &gradient, int64_t count, const std::string &type) {
    const std::string total = variable("slot", type), sum = fresh();
    const bool swaps = draw(2);
    line("{0} = rt.call \"Add\" {{count = {1} : i64} ({2}, {3}) : ({4}, {4}) -> {4}", sum,
         count, swaps ? gradient : total, swaps ? total : gradient, type);
    assign(total, sum, type);
    totals.push_back({total, count, type});
  }
  void updateBySgd(const std::string &gradient, int64_t count, const std::string &type) {
    const std::string w = variable("parameter", type), m = variable("slot", type), n = fresh();
    line("{0}, {0}.m = rt.call \"Sgd\" {{count = {1} : i64, momentum = {2} : f64, weightDecay "
         "= {3} : f64} ({4}, {5}, {6}, {7}) : ({8}, {8}, tensor<f32>, {8}) -> ({8}, {8})",
         n, count, draw(4) ? "0.9" : "0.5", draw(2) ? "0.1" : "0.0", w, gradient,
         draw(4) ? "%lr" : "%other", m, type);
    assign(w, n, type);
    assign(m, n + ".m", type);
    if (draw(4) == 0)
      results.push_back({n, type});
  }
  void updateByAdamW(const std::string &gradient, int64_t count, const std::string &type) {
    const std::string w = variable("parameter", type), m = variable("slot", type),
                      v = variable("slot", type), n = fresh();
    line("{0}.s = rt.call \"Relu\" {{count = {1} : i64} ({2}) : ({3}) -> {3}", v, count, v,
         type); // a second moment that is not negative
    line("{0}, {0}.m, {0}.v = rt.call \"AdamW\" {{count = {1} : i64, beta1 = 0.9 : f64, beta2 "
         "= 0.95 : f64, epsilon = 0.1 : f64, weightDecay = {2} : f64} ({3}, {4}, %lr, %state, "
         "{5}, {6}.s) : ({7}, {7}, tensor<f32>, tensor<2xi64>, {7}, {7}) -> ({7}, {7}, {7})",
         n, count, draw(2) ? "0.1" : "0.0", w, gradient, m, v, type);
    assign(w, n, type);
    assign(m, n + ".m", type);
    assign(v, n + ".v", type);
  }

  struct Gradient {
    std::string name;
    int64_t count;
    std::string type;
  };

  /// The sum of the squares of gradients. Returns its name.
  std::string sumSquares(const std::vector<Gradient> &of) {
    std::vector<std::string> names;
    for (const Gradient &gradient : of) {
      names.push_back(fresh());
      line("{0} = rt.call \"SquareSum\" {{count = {1} : i64} ({2}) workspace 0 : ({3}) -> "
           "tensor<f64>",
           names.back(), gradient.count, gradient.name, gradient.type);
    }
    const std::string sum = fresh();
    line("{0} = rt.call \"AddScalars\" {{} ({1}) : ({2}) -> tensor<f64>", sum,
         llvm::join(names, ", "),
         llvm::join(std::vector<std::string>(names.size(), "tensor<f64>"), ", "));
    return sum;
  }
  /// The body of @update: totals update parameters together and begin anew.
  void addUpdate() {
    for (const Gradient &total : totals)
      line("{0} = graph.variable slot \"{1}\" : {2} = #graph.constant<0.0>", total.name,
           total.name.substr(1), total.type);
    if (totals.empty())
      return;
    const std::string sum = sumSquares(totals), factor = fresh();
    line("{0} = rt.call \"ClipFactor\" {{maximum = 1.0 : f64} ({1}) : (tensor<f64>) -> "
         "tensor<f32>",
         factor, sum);
    for (const Gradient &total : totals) {
      const std::string w = variable("parameter", total.type), m = variable("slot", total.type),
                        n = fresh(), zeros = fresh();
      line("{0}, {0}.m = rt.call \"Sgd\" {{count = {1} : i64, momentum = 0.9 : f64} ({2}, "
           "{3}, %lr, {4}, {5}) : ({6}, {6}, tensor<f32>, {6}, tensor<f32>) -> ({6}, {6})",
           n, total.count, w, total.name, m, factor, total.type);
      assign(w, n, total.type);
      assign(m, n + ".m", total.type);
      line("{0} = rt.call \"Zeros\" {{count = {1} : i64} () : () -> {2}", zeros, total.count,
           total.type);
      assign(total.name, zeros, total.type);
    }
  }

  const std::string narrow; ///< Of inputs.
  std::vector<Value> values;
  std::vector<Gradient> squares, totals;
};

} // namespace

std::string randomCalls(unsigned seed) { return CallProgram(seed).text(); }

} // namespace autopar
