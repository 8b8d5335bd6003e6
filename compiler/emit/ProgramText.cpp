// The text of an emitted program. Its functions are EmitC, printed by MLIR's own translation;
// what C++ has and EmitC lacks (structs, tables) stands between them verbatim.
#include "compiler/emit/CallText.h"
#include "compiler/emit/Emit.h"
#include "compiler/emit/Header.h"
#include "compiler/emit/Kernels.h"
#include "compiler/emit/Layers.h"
#include "compiler/emit/Lines.h"
#include "compiler/emit/Literals.h"
#include "compiler/emit/ProgramForm.h"
#include "compiler/emit/Scope.h"
#include "compiler/emit/Tables.h"
#include "passes/Passes.h"

#include "mlir/Dialect/EmitC/IR/EmitC.h"
#include "mlir/Target/Cpp/CppEmitter.h"
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
        variables(module), kernels(module), builder(module.getContext()),
        program(ModuleOp::create(module.getLoc())) {
    module.getContext()->loadDialect<emitc::EmitCDialect>();
    builder.setInsertionPointToStart(program->getBody());
  }

  llvm::Expected<std::string> write() {
    auto step = module.lookupSymbol<func::FuncOp>(stepFunctionName);
    auto update = module.lookupSymbol<func::FuncOp>(updateFunctionName);
    auto evaluate = module.lookupSymbol<func::FuncOp>(evaluateFunctionName);
    if (!step)
      return llvm::createStringError("the module has no function @" + stepFunctionName);
    llvm::Expected<std::vector<std::string>> tables =
        descriptionTables(module, variables, options);
    if (!tables)
      return tables.takeError();

    lines(headerComment(module, options));
    line("");
    includes();
    line("");
    line("using namespace autopar;");
    line("");
    line("namespace {");
    line("");
    line("// Values that stay from one step to the next.");
    line("struct Variables {");
    line("  Rank &rank;");
    line("  Arena &arena;");
    line("  Timeline &timeline = arena.memory().timeline();");
    for (StringRef member : form.members)
      line("  " + member);
    indented(variables.declarations());
    line("};");
    entryPoint(step, "Step",
               update ? "One micro-batch: forward, backward, gradients added up."
                      : "One step of training: forward, backward, update.");
    if (update)
      entryPoint(update, "Update", "The update of all parameters by what was added up.");
    if (evaluate)
      entryPoint(evaluate, "Evaluation", "The forward pass with running statistics.");
    train(bool(update), bool(evaluate));
    lines(*tables);
    line("");
    line("} // namespace");
    line("");
    line("int main(int argc, char **argv) {");
    line("  return trainMain<Train>(argc, argv, description, " + form.target + ");");
    line("}");
    return print();
  }

private:
  void line(const Twine &text) {
    emitc::VerbatimOp::create(builder, builder.getUnknownLoc(), text.str());
  }
  void lines(ArrayRef<std::string> texts) {
    for (const std::string &text : texts)
      line(text);
  }
  void indented(ArrayRef<std::string> texts) {
    for (const std::string &text : texts)
      line("  " + text);
  }

  void includes() {
    std::set<std::string> headers;
    for (StringRef header : form.headers)
      headers.insert("autopar/" + header.str());
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
      emitc::IncludeOp::create(builder, builder.getUnknownLoc(), header,
                               /*is_standard_include=*/false);
  }

  /// A struct of the function's buffers and calls, and its two member functions.
  void entryPoint(func::FuncOp function, StringRef name, StringRef comment) {
    FunctionScope scope(function, variables, kernels);
    line("");
    line("// " + comment);
    line("struct " + name + " : Variables {");
    indented(scope.bufferDeclarations());
    line("");
    indented(scope.callDeclarations());
    const bool isTimed = !options.callTimes.empty() && name == "Step";
    if (isTimed)
      line("  CallClock clock{rank, " + quoted(options.callTimes) + "};");
    line("");
    // Without it the struct is an aggregate, for which g++ 12 wants memory that is quadratic in
    // the members: gigabytes for a step that is recomputed many times over.
    line("  " + name + "(Rank &rank, Arena &arena) : Variables{rank, arena} {}");
    line("  void setUp();");
    line("  void run();");
    line("};");
    line("");
    line("// Libraries prepare their kernels, and say whether the planned workspaces do here.");
    memberFunction(name + "::setUp", [&] { requireWorkspaces(function, scope); });
    line("");
    memberFunction(name + "::run", [&] {
      if (isTimed)
        callOpaque("clock.start", {});
      std::string layer;
      for (Operation &op : function.front()) {
        if (auto join = dyn_cast<rt::JoinOp>(op))
          callOpaque(scope.object(join.getCollective()) + ".join", {joinArgument(join)});
        auto call = dyn_cast<rt::CallOp>(op);
        if (!call)
          continue;
        const std::string name = nameOf(call.getOperation());
        if (layer != layerOf(name)) {
          layer = layerOf(name);
          callOpaque("timeline.layer", {quoted(layer)});
        }
        callOpaque(scope.object(call),
                   callArguments(call, [&](Value memory) { return scope.buffer(memory); }));
        if (isTimed)
          callOpaque("clock.lap", {quoted(name)});
      }
      callOpaque("timeline.end", {});
    });
  }

  void requireWorkspaces(func::FuncOp function, const FunctionScope &scope) {
    for (rt::CallOp call : function.getOps<rt::CallOp>()) {
      if (!checksWorkspace(call))
        continue;
      int64_t planned = call.getScratch() ? rt::bytesOf(call.getScratch().getType()) : 0;
      callOpaque(scope.object(call) + ".requireWorkspace", {std::to_string(planned)});
    }
  }

  void memberFunction(const Twine &name, llvm::function_ref<void()> body) {
    OpBuilder::InsertionGuard guard(builder);
    auto function = emitc::FuncOp::create(builder, builder.getUnknownLoc(), name.str(),
                                          builder.getFunctionType({}, {}));
    builder.setInsertionPointToStart(function.addEntryBlock());
    body();
    emitc::ReturnOp::create(builder, builder.getUnknownLoc(), Value());
  }

  /// `callee(arguments);`, each argument an expression by name.
  void callOpaque(StringRef callee, ArrayRef<std::string> arguments) {
    auto type = emitc::OpaqueType::get(builder.getContext(), "auto");
    SmallVector<Value> operands;
    for (const std::string &argument : arguments)
      operands.push_back(
          emitc::LiteralOp::create(builder, builder.getUnknownLoc(), type, argument));
    emitc::CallOpaqueOp::create(builder, builder.getUnknownLoc(), TypeRange(), callee,
                                operands);
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

  llvm::Expected<std::string> print() {
    std::string text;
    llvm::raw_string_ostream out(text);
    if (failed(emitc::translateToCpp(*program, out)))
      return llvm::createStringError("MLIR's C++ printer failed");
    return stamped(tidyLines(text));
  }

  /// The text with a digest of all that makes the program, by which its ranks know each other.
  /// How it was asked for does not count: -o may differ from host to host.
  std::string stamped(const std::string &text) const {
    std::string counts = kernels.empty() ? "" : kernels.header() + kernels.source();
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
  OpBuilder builder;
  OwningOpRef<ModuleOp> program;
};

} // namespace
} // namespace emit

llvm::Expected<std::string> programText(ModuleOp module, const EmitOptions &options) {
  if (!module->hasAttr(rt::arenaAttrName) || !rt::targetOf(module))
    return llvm::createStringError("the module has no memory plan; run plan-memory first");
  return emit::ProgramWriter(module, options).write();
}

} // namespace autopar
