// A training program as the compiler would emit it, small enough to write by
// hand: softmax regression on 4x4 images, batch over x, classes over y. Built
// for several meshes, it is what the runtime's tests run under mpirun. With FAR its
// arena lies where the host cannot reach it, as a device's does; with FED it has room for
// the next batch as well. With STRAY it does
// not keep to its plan: a step, or an evaluation, writes where it is told, too. With FLIP a bit
// of one rank flips behind a step that is told.

#include "autopar/core/Program.h"
#include "autopar/mpi/Collectives.h"
#include "autopar/mpi/HostTarget.h"
#include "autopar/mpi/MpiPeers.h"

#include "FarMemory.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <optional>

#ifndef MESH_X
#define MESH_X 1
#endif
#ifndef MESH_Y
#define MESH_Y 1
#endif
/// Bytes that the process may take; 0: as many as it likes.
#ifndef BUDGET
#define BUDGET 0
#endif

namespace {

constexpr int64_t batch = 32, classes = 10, features = 4 * 4 * 3;
constexpr int64_t rows = batch / MESH_X, columns = classes / MESH_Y;
constexpr float momentum = 0.9f;

/// Offsets one behind the other, each a multiple of 64.
constexpr size_t after(size_t offset, int64_t bytes) {
  return (offset + static_cast<size_t>(bytes) + 63) / 64 * 64;
}
constexpr size_t weightAt = 0;
constexpr size_t slotAt = after(weightAt, 4 * columns * features);
constexpr size_t gradientAt = after(slotAt, 4 * columns * features);
constexpr size_t imagesAt = after(gradientAt, 4 * columns * features);
constexpr size_t labelsAt = after(imagesAt, 4 * rows * features);
constexpr size_t rateAt = after(labelsAt, 4 * rows);
constexpr size_t partialAt = after(rateAt, 4);
constexpr size_t logitsAt = after(partialAt, 4 * rows * columns);
constexpr size_t lossAt = after(logitsAt, 4 * rows * classes);
constexpr size_t correctAt = after(lossAt, 4);
constexpr size_t workspaceAt = after(correctAt, 4);
constexpr size_t workspaceBytes = 4 * rows * classes;
constexpr size_t stepEnd = workspaceAt + workspaceBytes;
/// An evaluation works above all that a step has.
constexpr size_t evaluationAt = after(stepEnd, 0);
constexpr size_t evaluationEnd = evaluationAt + workspaceBytes;
#ifdef FED
constexpr size_t nextImagesAt = after(evaluationEnd, 0);
constexpr size_t nextLabelsAt = after(nextImagesAt, 4 * rows * features);
constexpr size_t arenaBytes = nextLabelsAt + 4 * rows, stepPeak = arenaBytes;
constexpr std::optional<size_t> nextImages = nextImagesAt, nextLabels = nextLabelsAt;
#else
constexpr size_t arenaBytes = evaluationEnd, stepPeak = stepEnd;
constexpr std::optional<size_t> nextImages, nextLabels;
#endif

constexpr autopar::Variable variables[] = {{.name = "fc.weight",
                                            .kind = autopar::VariableKind::Parameter,
                                            .shape = {classes, features},
                                            .split = {{1}},
                                            .offset = weightAt,
                                            .bytes = 4 * columns * features,
                                            .initialiser = autopar::Initialiser::normal(0.01)},
                                           {.name = "fc.weight.momentum",
                                            .kind = autopar::VariableKind::Slot,
                                            .shape = {classes, features},
                                            .split = {{1}},
                                            .offset = slotAt,
                                            .bytes = 4 * columns * features,
                                            .initialiser = autopar::Initialiser::constant(0)}};

constexpr autopar::Port inputs[] = {
    {.name = "images",
     .shape = {batch, 4, 4, 3},
     .split = {{0}},
     .offset = imagesAt,
     .next = nextImages},
    {.name = "labels",
     .type = autopar::DataType::I32,
     .shape = {batch},
     .split = {{0}},
     .offset = labelsAt,
     .next = nextLabels},
    {.name = "learning_rate", .offset = rateAt}};

constexpr autopar::Port evaluated[] = {
    {.name = "images", .shape = {batch, 4, 4, 3}, .split = {{0}}, .offset = imagesAt},
    {.name = "labels",
     .type = autopar::DataType::I32,
     .shape = {batch},
     .split = {{0}},
     .offset = labelsAt}};

constexpr autopar::Port outputs[] = {{.name = "loss", .offset = lossAt},
                                     {.name = "correct", .offset = correctAt}};

constexpr autopar::Description description{
    .model = "softmax",
    .command = "written by hand",
    .mesh = {.sizes = {MESH_X, MESH_Y}, .axes = {"x", "y"}},
    .arenaBytes = arenaBytes,
    .predicted = {.computeSeconds = 1e-4,
                  .communicationSeconds = 1e-5,
                  .budgetBytes = BUDGET,
                  .reserveBytes = BUDGET / 2},
    .classes = classes,
    .learningRate = 0.1,
    .variables = variables,
    .step = {.inputs = inputs, .outputs = outputs, .peakBytes = stepPeak},
    .evaluate = {.inputs = evaluated, .outputs = outputs, .peakBytes = evaluationEnd}};

/// Where a program that strays writes a number, from the arena's first byte.
struct Stray {
  std::optional<ptrdiff_t> inStep, inEvaluation;
} stray;

/// Which rank's bit flips behind which step, counted from 1.
struct Flip {
  std::optional<ptrdiff_t> step, rank;
  bool isOfLoss = false; ///< or of a weight
} flip;

struct Train final : autopar::Program {
  using Program::Program;

  int64_t steps = 0;

  float *const fc_weight = arena.at<float>(weightAt, {columns, features});
  float *const fc_weight_momentum = arena.at<float>(slotAt, {columns, features});
  float *const fc_weight_grad = arena.at<float>(gradientAt, {columns, features});
  float *const images = arena.at<float>(imagesAt, {rows, 4, 4, 3});
  int32_t *const labels = arena.at<int32_t>(labelsAt, {rows});
  float *const learning_rate = arena.at<float>(rateAt, {});
  float *const logits_y = arena.at<float>(partialAt, {rows, columns});
  float *const logits = arena.at<float>(logitsAt, {rows, classes});
  float *const loss = arena.at<float>(lossAt, {});
  float *const correct = arena.at<float>(correctAt, {});
  std::byte *const workspace = arena.slice(workspaceAt, workspaceBytes).data();
  std::byte *const evaluation = arena.slice(evaluationAt, workspaceBytes).data();

  autopar::AllGather gather_logits{
      rank.group({1}), {.ranks = MESH_Y, .tensors = {{.shape = {rows, columns}, .dim = 1}}}};
  autopar::AllReduce reduce_gradient{rank.group({0}),
                                     {.ranks = MESH_X, .tensors = {{columns, features}}}};
  autopar::AllReduce reduce_results{rank.group({0}), {.ranks = MESH_X, .tensors = {{}, {}}}};

  /// images, fc_weight → logits, loss, correct; logits become their gradient.
  void forward(std::byte *scratch) {
    for (int64_t n = 0; n < rows; ++n)
      for (int64_t c = 0; c < columns; ++c) {
        double sum = 0;
        for (int64_t f = 0; f < features; ++f)
          sum += static_cast<double>(images[n * features + f]) * fc_weight[c * features + f];
        logits_y[n * columns + c] = static_cast<float>(sum);
      }
    gather_logits({logits_y}, {logits}, scratch);

    double lossSum = 0, hits = 0;
    for (int64_t n = 0; n < rows; ++n) {
      float *row = logits + n * classes;
      const float largest = *std::max_element(row, row + classes);
      double sum = 0;
      for (int64_t c = 0; c < classes; ++c)
        sum += std::exp(row[c] - largest);
      const int32_t label = labels[n];
      if (label >= 0) {
        lossSum += std::log(sum) + largest - row[label];
        hits += std::max_element(row, row + classes) - row == label;
      }
      for (int64_t c = 0; c < classes; ++c)
        row[c] = static_cast<float>((std::exp(row[c] - largest) / sum - (c == label)) / batch);
    }
    *loss = static_cast<float>(lossSum / batch);
    *correct = static_cast<float>(hits);
    reduce_results({loss, correct}, scratch);
  }

  void step() override {
    whileOpen([this] {
      train();
      writeAt(stray.inStep);
      if (++steps == flip.step && rank.index() == flip.rank)
        flipBit(flip.isOfLoss ? loss : fc_weight + 5);
    });
  }

  void evaluate() override {
    whileOpen([this] {
      forward(evaluation);
      writeAt(stray.inEvaluation);
    });
  }

  /// The last one of a number.
  static void flipBit(float *number) {
    uint32_t bits;
    std::memcpy(&bits, number, sizeof bits);
    bits ^= 1;
    std::memcpy(number, &bits, sizeof bits);
  }

  void writeAt(std::optional<ptrdiff_t> offset) {
    if (offset)
      *reinterpret_cast<float *>(arena.pages().data() + *offset) = 1;
  }

  /// The program's own work may touch the arena wherever it lies.
  template <typename Work> void whileOpen(const Work &work) {
    auto *far = dynamic_cast<FarMemory *>(&arena.memory());
    if (far)
      far->open();
    work();
    if (far)
      far->close();
  }

  void train() {
    forward(workspace);
    const int64_t firstClass = rank.coordinate(1) * columns;
    for (int64_t c = 0; c < columns; ++c)
      for (int64_t f = 0; f < features; ++f) {
        double sum = 0;
        for (int64_t n = 0; n < rows; ++n)
          sum += static_cast<double>(logits[n * classes + firstClass + c]) *
                 images[n * features + f];
        fc_weight_grad[c * features + f] = static_cast<float>(sum);
      }
    reduce_gradient({fc_weight_grad}, workspace);
    for (int64_t i = 0; i < columns * features; ++i) {
      fc_weight_momentum[i] = momentum * fc_weight_momentum[i] + fc_weight_grad[i];
      fc_weight[i] -= *learning_rate * fc_weight_momentum[i];
    }
  }
};

#if defined(FAR) || defined(STRAY) || defined(FLIP)
std::optional<ptrdiff_t> offsetIn(const autopar::TargetOptions &options, const char *name) {
  const auto given = options.find(name);
  return given == options.end() ? std::nullopt : std::optional(std::atol(given->second.c_str()));
}

constexpr autopar::TargetOption options[] = {
    {"--far", "WORD", "an option of this target"},
    {"--stray", "BYTE", "write there in a step"},
    {"--stray-evaluating", "BYTE", "write there in an evaluation"},
    {"--flip-step", "N", "behind which a bit flips"},
    {"--flip-rank", "N", "of a weight there"},
    {"--flip-loss", "", "or of the loss"}};
const autopar::Target target{
    .join = autopar::MpiPeers::join,
    .options = options,
    .makeMemory =
        [](autopar::Rank &,
           const autopar::TargetOptions &options) -> std::unique_ptr<autopar::Memory> {
      if (auto far = options.find("--far"); far != options.end() && far->second != "away")
        throw std::invalid_argument("--far takes away, not " + far->second);
      stray = {offsetIn(options, "--stray"), offsetIn(options, "--stray-evaluating")};
      flip = {offsetIn(options, "--flip-step"), offsetIn(options, "--flip-rank"),
              options.contains("--flip-loss")};
#ifdef FAR
      auto far = std::make_unique<FarMemory>();
#ifdef FED
      far->hasFeed = true;
#endif
      return far;
#else
      return std::make_unique<autopar::HostMemory>();
#endif
    }};
#else
const autopar::Target &target = autopar::hostTarget();
#endif

} // namespace

int main(int argc, char **argv) {
  return autopar::trainMain<Train>(argc, argv, description, target);
}
