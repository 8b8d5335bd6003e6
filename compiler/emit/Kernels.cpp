// See Kernels.h.
#include "compiler/emit/Kernels.h"

#include "compiler/emit/Identifiers.h"
#include "compiler/emit/Lines.h"
#include "compiler/emit/Literals.h"
#include "dialects/graph/Names.h"
#include "dialects/rt/Chain.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

#include <set>

using namespace mlir;

namespace autopar::emit {

using rt::Callee, rt::CallOp, rt::Field, rt::StepAttr;

static const Callee &calleeOf(CallOp chain, StepAttr step) {
  return *rt::targetOf(chain)->findCallee(step.getCallee());
}

/// Whether the step is an object of the runtime, made of its call: a kernel needs more of its
/// configuration than the number of elements and flags, which choose a function.
static bool isConfigured(const Callee &callee) {
  return llvm::any_of(callee.fields, [](const Field &field) {
    return field.name != "count" && field.type != Field::Flag;
  });
}

/// The function of the runtime that a step with no configuration is: `geluTanh`, or as the list
/// of elementwise calls has it.
static std::string functionOf(StepAttr step) {
  static const llvm::StringMap<StringRef> listed = {
#define AUTOPAR_UNARY(Name, function, ...) {#Name, #function},
#define AUTOPAR_BINARY(Name, function, ...) {#Name, #function},
#include "autopar/core/Elements.inc"
  };
  std::string name = listed.lookup(step.getCallee()).str();
  if (name.empty())
    name = lowerFirst(step.getCallee());
  for (NamedAttribute field : step.getConfig())
    if (auto flag = dyn_cast<BoolAttr>(field.getValue()); flag && flag.getValue())
      name += llvm::toUpper(field.getName().getValue()[0]) +
              field.getName().getValue().drop_front().str();
  return name;
}

std::vector<std::pair<std::string, StepAttr>> Kernels::members(CallOp chain) {
  Identifiers names;
  std::vector<std::pair<std::string, StepAttr>> members;
  for (StepAttr step : chain.getSteps())
    if (isConfigured(calleeOf(chain, step)))
      members.push_back({names.unique(lowerFirst(step.getCallee())), step});
  return members;
}

namespace {

/// The text of one chain's kernel.
class KernelText {
public:
  explicit KernelText(CallOp chain) : chain(chain), inputs(chain.getInputs().size()) {
    for (auto &[name, step] : Kernels::members(chain))
      objects.push_back(names.unique(name));
    for (StringRef word : {"context", "count", "i", "result"})
      names.unique(word);
    nameInputs();
    for (StepAttr step : chain.getSteps())
      addStep(step);
  }

  /// `AddReluGrad`
  std::string name() {
    std::string name;
    for (StepAttr step : chain.getSteps())
      name += step.getCallee().getValue();
    return name;
  }

  /// `reluGrad(add(a, b), y)`
  std::string formula() const { return formulas.back(); }

  /// `const cuda::f16 *a, …, cuda::f16 *result`, behind the context
  std::string parameters() {
    std::string text = "const cuda::Context &context";
    for (auto [input, name] : llvm::zip(chain.getInputs(), ArrayRef(values).take_front(inputs)))
      text += ", const " + elementType(input.getType()).str() + " *" + name;
    return text + ", " + elementType(chain.getOutputs()[0].getType()).str() + " *result";
  }

  std::vector<std::string> body() {
    std::vector<std::string> elements;
    for (unsigned input : rt::elementInputs(chain))
      elements.push_back(values[input]);
    std::string head = "[" + llvm::join(captures, ",\n       ") + "] __device__(int64_t" +
                       (objects.empty() ? "" : " i");
    for (const std::string &element : elements)
      head += ", float " + element;
    std::vector<std::string> lines = {"  cuda::forEachElement(", "      context, count,",
                                      "      " + head + ") {"};
    for (const std::string &step : steps)
      lines.push_back("        " + step);
    lines.push_back("      },");
    elements.insert(elements.begin(), "result");
    lines.push_back("      " + llvm::join(elements, ", ") + ");");
    return lines;
  }

private:
  /// An input is called what the first step that reads it calls it.
  void nameInputs() {
    values.resize(inputs);
    for (StepAttr step : chain.getSteps())
      for (auto [read, input] : llvm::zip(step.getReads(), calleeOf(chain, step).inputs))
        if (read < static_cast<int64_t>(inputs) && values[read].empty())
          values[read] = names.unique(input.name);
    formulas = values;
  }

  void addStep(StepAttr step) {
    const Callee &callee = calleeOf(chain, step);
    auto list = [&](ArrayRef<int64_t> reads, ArrayRef<std::string> of) {
      return llvm::join(llvm::map_range(reads, [&](int64_t read) { return of[read]; }), ", ");
    };
    ArrayRef<int64_t> elements = step.getReads().take_front(*callee.elements);
    std::string value;
    if (isConfigured(callee)) {
      const std::string object = objects[captures.size()];
      std::string made = object;
      for (int64_t whole : step.getReads().drop_front(elements.size()))
        made += ", " + values[whole];
      captures.push_back(object + " = cuda::" + step.getCallee().str() + "Element(" + made +
                         ")");
      value = object + "(i" + (elements.empty() ? "" : ", " + list(elements, values)) + ")";
    } else {
      value = "cuda::" + functionOf(step) + "(" + list(elements, values) + ")";
    }
    formulas.push_back(functionOf(step) + "(" + list(step.getReads(), formulas) + ")");
    values.push_back(names.unique(callee.outputs[0].name));
    const bool isLast = values.size() == inputs + chain.getSteps().size();
    steps.push_back((isLast ? "return " : "const float " + values.back() + " = ") + value +
                    ";");
  }

  CallOp chain;
  unsigned inputs;
  Identifiers names;
  std::vector<std::string> objects;          ///< of configured steps
  std::vector<std::string> values, formulas; ///< of inputs, and of what steps make
  std::vector<std::string> captures, steps;
};

} // namespace

Kernels::Kernels(ModuleOp module) {
  Identifiers names;
  module.walk([&](CallOp call) {
    if (call.getCalleeEntry().form != rt::CallForm::Chain)
      return;
    KernelText text(call);
    Kernel kernel{text.name(), text.formula(), {}, text.parameters(), text.body(), {}};
    for (auto &[name, step] : members(call))
      kernel.members.push_back("cuda::" + step.getCallee().str() + " " + name + ";");
    auto same = llvm::find_if(all, [&](const Kernel &other) {
      return other.parameters == kernel.parameters && other.body == kernel.body;
    });
    if (same == all.end()) {
      kernel.name = names.unique(kernel.name);
      same = all.insert(same, kernel);
    }
    same->users.push_back(nameOf(call.getOperation()));
    ofChain[call] = same - all.begin();
  });
}

static void addInclude(std::string &text, StringRef file) {
  text += ("#include \"" + file + "\"\n").str();
}

std::string Kernels::header() const {
  std::set<std::string> headers = {"cuda/Elementwise.h"};
  for (auto [chain, kernel] : ofChain)
    for (auto &[name, step] : members(cast<CallOp>(chain)))
      headers.insert("cuda/" + calleeOf(cast<CallOp>(chain), step).header.str());
  std::string text =
      R"(// What this program computes in kernels of its own: each is a chain of calls that work element by
// element, in one pass over memory. Between the steps numbers are f32. Written by autopar.
#ifndef KERNELS_H
#define KERNELS_H

)";
  for (const std::string &header : headers)
    addInclude(text, "autopar/" + header);
  text += "\nnamespace autopar::kernels {\n";
  for (const Kernel &kernel : all) {
    text += "\n/// " + oneLine(kernel.users.front());
    if (size_t more = kernel.users.size() - 1)
      text += " and " + std::to_string(more) + " more";
    text += ": " + kernel.formula + "\nstruct " + kernel.name + " {\n  int64_t count;\n";
    for (const std::string &member : kernel.members)
      text += "  " + member + "\n";
    text += "  void operator()(" + kernel.parameters + ") const;\n};\n";
  }
  return tidyLines(text + "\n} // namespace autopar::kernels\n\n#endif\n");
}

std::string Kernels::source() const {
  std::string text = "// See kernels.h.\n";
  addInclude(text, kernelsHeader);
  text += "\n";
  addInclude(text, "autopar/cuda/Elementwise.cuh");
  addInclude(text, "autopar/cuda/ElementSteps.cuh");
  text += "\nnamespace autopar::kernels {\n";
  for (const Kernel &kernel : all) {
    text += "\nvoid " + kernel.name + "::operator()(" + kernel.parameters + ") const {\n";
    text += llvm::join(kernel.body, "\n") + "\n}\n";
  }
  return tidyLines(text + "\n} // namespace autopar::kernels\n");
}

} // namespace autopar::emit
