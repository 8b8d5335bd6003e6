// The text of an emitted program, from top to bottom.
#include "compiler/emit/Emit.h"
#include "compiler/emit/Constants.h"
#include "compiler/emit/FunctionText.h"
#include "compiler/emit/Header.h"
#include "compiler/emit/Kernels.h"
#include "compiler/emit/Lines.h"
#include "compiler/emit/Literals.h"
#include "compiler/emit/ProgramForm.h"
#include "compiler/emit/Scope.h"
#include "compiler/emit/Tables.h"
#include "passes/Passes.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

#include <set>

using namespace mlir;

namespace autopar {

namespace emit {

namespace {

class ProgramWriter {
public:
  ProgramWriter(ModuleOp module, const EmitOptions &options)
      : module(module), options(options), form(programForm(rt::targetOf(module)->name)),
        variables(module), kernels(module), constants(variables) {}

  llvm::Expected<std::string> write() {
    auto step = module.lookupSymbol<func::FuncOp>(stepFunctionName);
    auto update = module.lookupSymbol<func::FuncOp>(updateFunctionName);
    auto evaluate = module.lookupSymbol<func::FuncOp>(evaluateFunctionName);
    if (!step)
      return llvm::createStringError("the module has no function @" + stepFunctionName);
    llvm::Expected<std::vector<std::string>> tables =
        descriptionTables(module, variables, constants, options);
    if (!tables)
      return tables.takeError();

    std::vector<Part> parts;
    auto part = [&](func::FuncOp function, const char *name, const char *comment) {
      if (function)
        parts.push_back({name, comment, FunctionScope(function, variables, kernels)});
    };
    part(step, "Step",
         update ? "One micro-batch: forward, backward, gradients added up."
                : "One step of training: forward, backward, update.");
    part(update, "Update", "The update of all parameters by what was added up.");
    part(evaluate, "Evaluation", "The forward pass with running statistics.");

    lines(headerComment(module, options));
    line("");
    // The table of variables may loop where no calls do.
    includes(llvm::any_of(parts, [](const Part &part) { return !part.scope.blocks().empty(); }) ||
             llvm::any_of(*tables, [](StringRef text) { return text.contains("VariableTable"); }));
    line("");
    line("using namespace autopar;");
    line("");
    if (!constants.empty()) {
      line("// " + constantsFile + ", linked in.");
      line("extern \"C\" const unsigned char " + constantsSymbol + "[];");
      line("");
    }
    line("namespace {");
    line("");
    line("// What all parts of the program work with.");
    line("struct Frame {");
    line("  Rank &rank;");
    line("  Arena &arena;");
    line("  Timeline &timeline = arena.memory().timeline();");
    for (StringRef member : form.members)
      line("  " + member);
    line("};");
    line("");
    line("// Values that stay from one step to the next.");
    line("struct Variables : Frame {");
    indented(variables.declarations([&](rt::SliceOp slice) {
      auto isNamed = [&](const Part &part) { return part.scope.isNamed(slice); };
      auto isInLayers = [&](const Part &part) { return part.scope.isInLayers(slice); };
      return llvm::any_of(parts, isNamed) || llvm::none_of(parts, isInLayers);
    }));
    line("};");
    for (const Part &part : parts) {
      const bool isTimed = part.name == "Step";
      const FunctionText text{part.scope, part.name, isTimed ? options.callTimes : ""};
      line("");
      line("// " + part.comment);
      lines(text.structure());
      lines(text.functions());
    }
    train(bool(update), bool(evaluate));
    lines(*tables);
    line("");
    line("} // namespace");
    line("");
    line("int main(int argc, char **argv) {");
    line("  return trainMain<Train>(argc, argv, description, " + form.target + ");");
    line("}");
    return stamped(tidyLines(program));
  }

private:
  /// A function of the module, and the struct that it becomes.
  struct Part {
    std::string name, comment;
    FunctionScope scope;
  };

  void line(const Twine &text) { program += (text + "\n").str(); }
  void lines(ArrayRef<std::string> texts) {
    for (const std::string &text : texts)
      line(text);
  }
  void indented(ArrayRef<std::string> texts) {
    for (const std::string &text : texts)
      line("  " + text);
  }

  void includes(bool loops) {
    std::set<std::string> headers;
    for (StringRef header : form.headers)
      headers.insert("autopar/" + header.str());
    if (loops)
      headers.insert({"autopar/core/Layers.h", "autopar/core/VariableTable.h"});
    if (!options.callTimes.empty())
      headers.insert("autopar/core/CallClock.h");
    module.walk([&](rt::CallOp call) {
      const rt::Callee &callee = call.getCalleeEntry();
      const StringRef folder = rt::targetOf(call)->roomOf(callee).folder;
      headers.insert(callee.form == rt::CallForm::Chain
                         ? callee.header.str()
                         : ("autopar/" + folder + "/" + callee.header).str());
    });
    for (const std::string &header : headers)
      line("#include \"" + header + "\"");
  }

  void train(bool updates, bool evaluates) {
    SmallVector<std::string> parts = {"training"};
    line("");
    line("struct Train final : Program {");
    line("  Step training;");
    if (updates) {
      line("  Update updating;");
      parts.push_back("updating");
    }
    if (evaluates) {
      line("  Evaluation evaluation;");
      parts.push_back("evaluation");
    }
    std::string initialisers;
    for (const std::string &part : parts)
      initialisers += ", " + part + "(rank, arena)";
    line("");
    line("  Train(Rank &rank, Arena &arena)");
    line("      : Program(rank, arena)" + initialisers + " {");
    for (const std::string &part : parts)
      line("    " + part + ".setUp();");
    line("  }");
    runs("step", "training");
    if (updates)
      runs("update", "updating");
    if (evaluates)
      runs("evaluate", "evaluation");
    else
      line("  void evaluate() override {}");
    line("};");
    line("");
  }

  /// `function` runs `part`, by the target's runner where it has one.
  void runs(const std::string &function, const std::string &part) {
    if (form.runner.empty()) {
      line("  void " + function + "() override { " + part + ".run(); }");
      return;
    }
    line("  " + form.runner + " " + part + "Runner{arena, [this] { " + part + ".run(); }};");
    line("  void " + function + "() override { " + part + "Runner.run(); }");
  }

  /// The text with a digest of all that makes the program, by which its ranks know each other.
  /// How it was asked for does not count: -o may differ from host to host.
  std::string stamped(const std::string &text) const {
    std::string counts = kernels.empty() ? "" : kernels.header() + kernels.source();
    counts += constants.file();
    counts += std::to_string(options.runtimeDigest);
    for (StringRef line : llvm::split(text, '\n'))
      if (!line.starts_with("// command ") && !line.starts_with("    .command = "))
        counts += (line + "\n").str();
    constexpr StringLiteral blank = "\n    .digest = 0,\n";
    auto [head, tail] = StringRef(text).split(blank);
    return (head + "\n    .digest = 0x" + llvm::utohexstr(llvm::xxh3_64bits(counts)) + ",\n" + tail)
        .str();
  }

  ModuleOp module;
  const EmitOptions &options;
  const ProgramForm &form;
  VariableScope variables;
  Kernels kernels;
  Constants constants;
  std::string program;
};

} // namespace
} // namespace emit

llvm::Expected<std::string> programText(ModuleOp module, const EmitOptions &options) {
  if (!module->hasAttr(rt::arenaAttrName) || !rt::targetOf(module))
    return llvm::createStringError("the module has no memory plan; run plan-memory first");
  return emit::ProgramWriter(module, options).write();
}

} // namespace autopar
