// The calls of each target compute what the training step does that they were made of: small
// networks, on plans that no solver would choose, after each pass on the way.
#include "Steps.h"

#include "compiler/driver/Pipeline.h"
#include "compiler/models/Models.h"
#include "passes/lowering/cuda/Workspace.h"
#include "test/unit/programs/Networks.h"
#include "test/unit/programs/RandomPlans.h"

#include "llvm/Support/FormatVariadic.h"
#include "gtest/gtest.h"

using namespace autopar;
using namespace mlir;

namespace {

/// What a program is compiled with.
struct Wishes {
  const char *name;
  const char *precision = "f32";
  int64_t microBatches = 1;
  double lossScale = 0;
  bool skips = false;
  bool recomputes = false;
};

struct Case {
  const char *network;
  int classes;
  Module (*model)();
  const char *target, *mesh;
  Wishes wishes;
  int plans;
};

template <const Network &network> Module parsed() { return parse(network.text); }

/// GPT-2 as autopar-model writes it, of two layers.
Module gpt2() {
  models::Options options;
  options.batch = 4;
  options.sequence = options.positions = 4;
  options.vocabulary = 10;
  options.paddedVocabulary = 4;
  options.layers = 2;
  options.width = 8;
  options.heads = 2;
  options.dropout = 0.25;
  options.clip = 0.5;
  return models::buildModel(context(), "gpt2", options);
}

CompileOptions optionsOf(const Case &test, const char *precision) {
  CompileOptions options;
  options.target = test.target;
  options.mesh = test.mesh;
  options.device = deviceOf(options);
  options.precision = precision;
  options.microBatches = test.wishes.microBatches;
  options.lossScale = test.wishes.lossScale;
  options.bucketBytes = 2048; // several buckets
  return options;
}

Module trainingStep(const Case &test, const CompileOptions &options) {
  Module module = test.model();
  PassManager manager(&context());
  buildDifferentiation(manager, options);
  EXPECT_TRUE(succeeded(manager.run(*module)));
  return module;
}

/// Whether the target's libraries are here to say how much scratch memory calls need.
llvm::Error planFor(const Case &test) {
  return test.target == StringRef("cuda") ? cuda_lowering::planForGpu("h100")
                                          : llvm::Error::success();
}

std::string nameOf(const Case &test) {
  return llvm::formatv("{0}_on_{1}_{2}_{3}", test.network, test.target, test.mesh,
                       test.wishes.name);
}
void PrintTo(const Case &test, std::ostream *os) { *os << nameOf(test); }

class Lowering : public testing::TestWithParam<Case> {};

TEST_P(Lowering, computesWhatTheTrainingStepDoes) {
  const Case &test = GetParam();
  if (llvm::Error error = planFor(test))
    GTEST_SKIP() << llvm::toString(std::move(error));
  std::mt19937 random(19);
  Module whole = trainingStep(test, optionsOf(test, "f32"));
  const Steps steps(*whole, test.classes, random, test.wishes.skips);

  const CompileOptions options = optionsOf(test, test.wishes.precision);
  Module step = trainingStep(test, options);
  RandomPlans plans(*step, llvm::cantFail(Mesh::parse(test.mesh)));
  for (int i = 0; i < test.plans && !HasFailure(); ++i) {
    Module module = plans.draw(random);
    LoweringWishes wishes;
    wishes.activations = test.wishes.recomputes ? 1 : 0; // as few as can be
    wishes.timeLimit = 1;                                // any schedule will do
    PassManager spmd(&context());
    buildPartition(spmd, options, wishes, nullptr);
    ASSERT_TRUE(succeeded(spmd.run(*module)));
    steps.expectSame(*module, "the SPMD program");

    PassManager calls(&context());
    checkAfterEachPass(calls,
                       [&](ModuleOp now, StringRef pass) { steps.expectSame(now, pass); });
    buildCalls(calls, options);
    ASSERT_TRUE(succeeded(calls.run(*module)));
    if (HasFailure())
      module->print(llvm::errs());
  }
}

std::vector<Case> cases() {
  static const char *const meshes[] = {"1x1", "2x1", "2x2"};
  struct Model {
    const char *name;
    int classes;
    Module (*build)();
    ArrayRef<const char *> onMeshes = meshes;
  };
  const Model models[] = {{residual.name, residual.classes, parsed<residual>},
                          {bottleneck.name, bottleneck.classes, parsed<bottleneck>},
                          {grouped.name, grouped.classes, parsed<grouped>},
                          {indivisible.name, indivisible.classes, parsed<indivisible>},
                          {transformer.name, transformer.classes, parsed<transformer>},
                          {written.name, written.classes, parsed<written>},
                          {elements.name, elements.classes, parsed<elements>,
                           ArrayRef(meshes).take_back()},
                          {"gpt2", 10, gpt2}};
  const Wishes cpu[] = {{"plain"},
                        {.name = "micro_batches", .microBatches = 2},
                        {.name = "loss_scale", .lossScale = 1024},
                        {.name = "recomputing", .recomputes = true}};
  const Wishes cuda[] = {{"plain"},
                         {.name = "bf16", .precision = "bf16"},
                         {.name = "fp16", .precision = "fp16", .lossScale = 65536},
                         {.name = "fp16_micro_batches",
                          .precision = "fp16",
                          .microBatches = 2,
                          .lossScale = 65536},
                         {.name = "micro_batches", .microBatches = 2},
                         {.name = "skipping", .lossScale = 1024, .skips = true},
                         {.name = "recomputing", .recomputes = true},
                         {.name = "fp16_recomputing",
                          .precision = "fp16",
                          .lossScale = 65536,
                          .recomputes = true}};
  std::vector<Case> all;
  for (const Model &model : models)
    for (auto [target, wishes] : {std::pair("cpu", ArrayRef(cpu)), {"cuda", ArrayRef(cuda)}})
      for (const char *mesh : model.onMeshes)
        for (const Wishes &wish : wishes)
          all.push_back({model.name, model.classes, model.build, target, mesh, wish,
                         StringRef(mesh) == "1x1" ? 1 : 2});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Of, Lowering, testing::ValuesIn(cases()),
                         [](const auto &info) { return nameOf(info.param); });

} // namespace
