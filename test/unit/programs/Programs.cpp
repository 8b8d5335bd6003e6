// Parsing, running passes, drawing numbers. See Programs.h.
#include "test/unit/programs/Programs.h"

#include "dialects/rt/Rt.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "gtest/gtest.h"

using namespace mlir;

namespace autopar {

MLIRContext &context() {
  static MLIRContext context(MLIRContext::Threading::DISABLED);
  context
      .loadDialect<func::FuncDialect, graph::GraphDialect, dist::DistDialect, rt::RtDialect>();
  return context;
}

Module parse(StringRef text) {
  Module module = parseSourceString<ModuleOp>(text, &context());
  if (!module)
    ADD_FAILURE() << "does not parse:\n" << text.str();
  return module;
}

void runPasses(ModuleOp module, PassList list) {
  PassManager manager(&context());
  for (std::unique_ptr<Pass> &pass : list)
    manager.addPass(std::move(pass));
  EXPECT_TRUE(succeeded(manager.run(module)));
}

Module trainingStep(StringRef model) {
  Module module = parse(model);
  runPasses(*module, passes(createNameValues(), createDeriveEvaluation(), createDifferentiate(),
                            createNameValues()));
  return module;
}

func::FuncOp function(ModuleOp module, StringRef name) {
  return module.lookupSymbol<func::FuncOp>(name);
}

static Tensor normal(Type type, std::mt19937 &random) {
  std::normal_distribution<double> any;
  Tensor tensor(cast<ShapedType>(type).getShape());
  for (double &value : tensor.values)
    value = any(random);
  return tensor;
}

NamedTensors randomVariables(func::FuncOp function, std::mt19937 &random) {
  NamedTensors variables;
  for (auto variable : function.getOps<graph::VariableOp>()) {
    Tensor &tensor = variables[variable.getName().str()] = normal(variable.getType(), random);
    if (variable.getName().ends_with("var") || variable.getName().ends_with(".exp_avg_sq"))
      for (double &value : tensor.values)
        value = 0.5 + std::abs(value);
    // About to grow; a moment that has seen steps, a velocity that has not.
    if (variable.getName() == "loss_scale")
      tensor[0] = 1024;
    else if (variable.getName() == "loss_scale.good_steps")
      tensor[0] = 1999;
    else if (variable.getName() == "adamw.steps")
      tensor[0] = 3;
    else if (variable.getName().ends_with("steps"))
      tensor[0] = 0;
  }
  return variables;
}

NamedTensors randomInputs(func::FuncOp function, int classes, std::mt19937 &random) {
  NamedTensors inputs;
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    Type type = function.getArgumentTypes()[i];
    auto name = function.getArgAttrOfType<StringAttr>(i, graph::inputAttrName).str();
    Tensor &tensor = inputs[name] = normal(type, random);
    if (name == "learning_rate")
      tensor[0] = 0.1;
    if (name == "state")
      tensor.values = {17, 4}; // seed, step
    else if (name == "tokens")
      for (double &token : tensor.values)
        token = static_cast<double>(random() % classes);
    else if (cast<ShapedType>(type).getElementType().isInteger())
      for (double &label : tensor.values)
        label = random() % 8 ? static_cast<double>(random() % classes) : -1;
  }
  return inputs;
}

} // namespace autopar
