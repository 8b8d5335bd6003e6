// Partitioned programs compute what the whole program computes: hundreds of random plans, far
// from anything that a solver would choose, on every shape of mesh.
#include "test/unit/programs/Interpreter.h"
#include "test/unit/programs/Networks.h"
#include "test/unit/programs/Programs.h"
#include "test/unit/programs/RandomPlans.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FormatVariadic.h"
#include "gtest/gtest.h"

using namespace autopar;
using namespace mlir;

namespace {

struct Setting {
  Network network;
  Mesh mesh;
  bool fused;
};

class Partition : public testing::TestWithParam<Setting> {};

TEST_P(Partition, computesTheSameForRandomPlans) {
  const Setting &setting = GetParam();
  std::mt19937 random(11);
  Module whole = trainingStep(setting.network.text);
  if (setting.fused)
    runPasses(*whole, passes(createFuseElementwise(), createNameValues()));

  struct Reference {
    NamedTensors variables, inputs;
    Outcome outcome;
  };
  std::map<std::string, Reference> references;
  for (StringRef name : {stepFunctionName, evaluateFunctionName}) {
    func::FuncOp function = autopar::function(*whole, name);
    Reference &reference = references[name.str()];
    reference.variables = randomVariables(function, random);
    reference.inputs = randomInputs(function, setting.network.classes, random);
    reference.outcome = execute(function, reference.inputs, reference.variables, false);
  }
  auto expectSame = [&](ModuleOp module, const char *what) {
    for (const auto &[name, reference] : references) {
      Outcome outcome = execute(autopar::function(module, name), reference.inputs,
                                reference.variables, /*partitioned=*/true);
      for (auto [one, other] : llvm::zip_equal(outcome.results, reference.outcome.results))
        EXPECT_LT(difference(one, other), 1e-10) << what << " " << name;
      for (const auto &[variable, value] : reference.outcome.variables)
        EXPECT_LT(difference(outcome.variables[variable], value), 1e-10)
            << what << " " << name << ": " << variable;
    }
  };

  RandomPlans plans(*whole, setting.mesh);
  constexpr int drawn = 25;
  for (int i = 0; i < drawn && !HasFailure(); ++i) {
    Module module = plans.draw(random);
    runPasses(*module, passes(createPartition()));
    expectSame(*module, "partitioned");
    for (int64_t bucketBytes : {int64_t(300), int64_t(1) << 40}) {
      Module bucketed(cast<ModuleOp>((*module)->clone()));
      BucketCollectivesOptions options;
      options.bucketBytes = bucketBytes;
      runPasses(*bucketed, passes(createBucketCollectives(options)));
      expectSame(*bucketed, "bucketed");
    }
    if (HasFailure())
      module->print(llvm::errs());
  }
}

std::vector<Setting> settings() {
  std::vector<Setting> all;
  for (const Network &network :
       {residual, grouped, indivisible, transformer, written, elements, severalLosses, shifted})
    for (const Mesh &mesh :
         {Mesh({2}), Mesh({1, 2}), Mesh({2, 1}), Mesh({2, 2}), Mesh({2, 2, 2})})
      all.push_back({network, mesh, /*fused=*/mesh.numAxes() > 1});
  // An axis of 3 divides what even ones do not, and the other way round.
  all.push_back({indivisible, Mesh({3, 2}), /*fused=*/true});
  return all;
}
INSTANTIATE_TEST_SUITE_P(Of, Partition, testing::ValuesIn(settings()), [](const auto &info) {
  return std::string(info.param.network.name) + "_" + info.param.mesh.str();
});

//===- reshardings as programs ------------------------------------------------------------===//

/// What `rank` holds of `whole`: its block, or a share of it that grows along unreduced axes.
Tensor held(const Tensor &whole, Spec spec, const Mesh &mesh, int64_t rank) {
  Tensor tensor = block(whole, spec, mesh, rank);
  auto at = mesh.coordinates(rank);
  for (int axis : spec.unreducedAxes()) {
    auto size = static_cast<double>(mesh.sizes[axis]);
    for (double &value : tensor.values)
      value *= (static_cast<double>(at[axis]) + 1) / (size * (size + 1) / 2);
  }
  return tensor;
}

/// Reads an argument kept as `from` as `to`. Null where partition refuses.
Module resharding(const Mesh &mesh, ArrayRef<int64_t> shape, Spec from, Spec to) {
  std::string type;
  llvm::raw_string_ostream(type) << RankedTensorType::get(shape, Float32Type::get(&context()));
  Module module = parse(llvm::formatv(R"(
    func.func @step(%x: {0} {{graph.input = "x"}) {{
      graph.assign "y" = %x : {0}
      return
    })",
                                      type)
                            .str());
  (*module)->setAttr(dist::meshAttrName, dist::MeshAttr::get(&context(), mesh.sizes));
  func::FuncOp step = function(*module, "step");
  dist::setArgumentSpec(step, 0, from, static_cast<int>(shape.size()));
  dist::setPlan(&step.front().front(), {{to}, {}, {}});
  dist::setPlan(step.front().getTerminator(), {});
  PassManager manager(&context());
  manager.addPass(createPartition());
  if (failed(manager.run(*module)))
    return {};
  return module;
}

int runAll(const Mesh &mesh, ArrayRef<int64_t> shape) {
  std::mt19937 random(13);
  std::normal_distribution<double> any;
  Tensor whole(shape);
  for (double &value : whole.values)
    value = any(random);
  auto rank = static_cast<int>(shape.size());
  int pairs = 0;
  auto specs = enumerateSpecs(shape, mesh, /*unreduced=*/true);
  for (Spec from : specs) {
    std::vector<Tensors> arguments;
    for (int64_t r = 0; r < mesh.numRanks(); ++r)
      arguments.push_back({held(whole, from, mesh, r)});
    for (Spec to : specs) {
      std::string what = mesh.str() + ": " + from.str(rank) + " to " + to.str(rank);
      std::string error;
      ScopedDiagnosticHandler handler(
          &context(), [&](Diagnostic &diagnostic) { error = diagnostic.str(); });
      Module module = resharding(mesh, shape, from, to);
      // What was summed cannot come apart again.
      bool possible =
          llvm::all_of(to.unreducedAxes(), [&](int axis) { return from.isUnreduced(axis); });
      EXPECT_EQ(bool(module), possible) << what << ": " << error;
      if (!module)
        continue;
      ++pairs;
      Interpreter interpreter(mesh);
      interpreter.run(function(*module, "step"), arguments);
      Tensors parts;
      for (int64_t r = 0; r < mesh.numRanks(); ++r) {
        parts.push_back(interpreter.variables[r].at("y"));
        if (!to.hasUnreduced()) {
          EXPECT_LT(difference(parts.back(), block(whole, to, mesh, r)), 1e-12) << what;
        }
      }
      EXPECT_LT(difference(assemble(parts, to, mesh), whole), 1e-12) << what;
    }
  }
  return pairs;
}

TEST(PartitionedResharding, everyPairOnOneAxis) {
  // Kept, split along each of 3 dimensions or unreduced: 5 Specs, 25 pairs, 4 of them
  // impossible.
  EXPECT_EQ(runAll(Mesh({2}), {4, 6, 2}), 21);
  EXPECT_EQ(runAll(Mesh({4}), {8, 4}), 13);
  // 3 takes no axis of 2.
  EXPECT_EQ(runAll(Mesh({2}), {3, 2}), 7);
}

TEST(PartitionedResharding, everyPairOnTwoAxes) {
  EXPECT_EQ(runAll(Mesh({2, 2}), {4, 8}), 13 * 13);
  EXPECT_EQ(runAll(Mesh({2, 3}), {6, 12}), 13 * 13);
  EXPECT_EQ(runAll(Mesh({1, 2}), {4, 2}), 13);
  EXPECT_EQ(runAll(Mesh({2, 1}), {4, 2}), 13);
  EXPECT_GT(runAll(Mesh({2, 2}), {4, 2, 4}), 300); // 2 takes one axis only.
}

} // namespace
