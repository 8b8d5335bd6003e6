// See Optimizer.h.
#include "compiler/import/Optimizer.h"

#include "llvm/ADT/StringExtras.h"

#include <cmath>

using namespace mlir;

namespace autopar::pt2 {

namespace {
struct Setting {
  StringLiteral name;
  double number;
};
} // namespace

/// Gives the settings what the words say.
static llvm::Error apply(ArrayRef<StringRef> words, MutableArrayRef<Setting> settings,
                         StringRef optimizer) {
  for (StringRef word : words) {
    auto [name, number] = word.split('=');
    auto setting = llvm::find_if(settings, [&](const Setting &s) { return s.name == name; });
    if (setting == settings.end())
      return llvm::createStringError(
          "'" + word + "' is no setting of " + optimizer + "; it has " +
          llvm::join(llvm::map_range(settings, [](auto &s) { return s.name.str(); }), ", ") +
          ", each as NAME=NUMBER");
    if (number.getAsDouble(setting->number) || !std::isfinite(setting->number))
      return llvm::createStringError("'" + word + "' gives " + name + " no number");
  }
  return llvm::Error::success();
}

llvm::Expected<Attribute> readOptimizer(MLIRContext &context, StringRef text) {
  context.loadDialect<graph::GraphDialect>();
  using graph::Number;
  SmallVector<StringRef> words;
  text.split(words, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  StringRef name = words.empty() ? StringRef() : words.front();
  std::string why;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    why = diagnostic.str();
    return success();
  });
  auto emit = [&] { return emitError(UnknownLoc::get(&context)); };
  ArrayRef<StringRef> rest = ArrayRef<StringRef>(words).drop_front(words.empty() ? 0 : 1);
  Attribute made;
  if (name == "sgd") {
    Setting settings[] = {
        {"lr", 1e-3}, {"momentum", 0}, {"dampening", 0}, {"weight_decay", 0}, {"nesterov", 0}};
    if (llvm::Error fault = apply(rest, settings, name))
      return fault;
    made = graph::SgdAttr::getChecked(emit, &context, Number(settings[0].number),
                                      Number(settings[1].number), Number(settings[2].number),
                                      Number(settings[3].number), settings[4].number != 0);
  } else if (name == "adamw") {
    Setting settings[] = {{"lr", 1e-3},  {"beta1", 0.9},         {"beta2", 0.999},
                          {"eps", 1e-8}, {"weight_decay", 1e-2}, {"clip", 0}};
    if (llvm::Error fault = apply(rest, settings, name))
      return fault;
    made = graph::AdamWAttr::getChecked(emit, &context, Number(settings[0].number),
                                        Number(settings[1].number), Number(settings[2].number),
                                        Number(settings[3].number), Number(settings[4].number),
                                        Number(settings[5].number));
  } else {
    return llvm::createStringError("optimizer '" + name +
                                   "' is not known; there are sgd and adamw");
  }
  if (!made)
    return llvm::createStringError("optimizer '" + text + "': " + why);
  return made;
}

} // namespace autopar::pt2
