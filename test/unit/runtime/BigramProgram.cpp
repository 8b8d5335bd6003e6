// A language model as the compiler would emit it, small enough to write by hand: the next
// token's logits are a row of a table. Batch over x, sequence over y. Built for several
// meshes, it is what the runtime's tests of text run under mpirun.

#include "autopar/core/Program.h"
#include "autopar/mpi/Collectives.h"
#include "autopar/mpi/HostTarget.h"

#include <cmath>
#include <stdexcept>

#ifndef MESH_X
#define MESH_X 1
#endif
#ifndef MESH_Y
#define MESH_Y 1
#endif

namespace {

constexpr int64_t batch = 8, sequence = 16, vocabulary = 256, padded = 260;
constexpr int64_t rows = batch / MESH_X, columns = sequence / MESH_Y;

/// Offsets one behind the other, each a multiple of 64.
constexpr size_t after(size_t offset, int64_t bytes) {
  return (offset + static_cast<size_t>(bytes) + 63) / 64 * 64;
}
constexpr size_t tableAt = 0;
constexpr size_t gradientAt = after(tableAt, 4 * padded * vocabulary);
constexpr size_t tokensAt = after(gradientAt, 4 * padded * vocabulary);
constexpr size_t labelsAt = after(tokensAt, 4 * rows * columns);
constexpr size_t rateAt = after(labelsAt, 4 * rows * columns);
constexpr size_t stateAt = after(rateAt, 4);
constexpr size_t lossAt = after(stateAt, 16);
constexpr size_t workspaceAt = after(lossAt, 4);
constexpr size_t workspaceBytes = 4 * padded * vocabulary;
constexpr size_t arenaBytes = workspaceAt + workspaceBytes;

constexpr autopar::Variable variables[] = {{.name = "wte.weight",
                                            .shape = {padded, vocabulary},
                                            .offset = tableAt,
                                            .bytes = 4 * padded * vocabulary,
                                            .initialiser = autopar::Initialiser::normal(0.02),
                                            .stored = {vocabulary, vocabulary}}};

constexpr autopar::Port inputs[] = {
    {.name = "tokens",
     .type = autopar::DataType::I32,
     .shape = {batch, sequence},
     .split = {{0}, {1}},
     .offset = tokensAt},
    {.name = "labels",
     .type = autopar::DataType::I32,
     .shape = {batch, sequence},
     .split = {{0}, {1}},
     .offset = labelsAt},
    {.name = "learning_rate", .offset = rateAt},
    {.name = "state", .type = autopar::DataType::I64, .shape = {2}, .offset = stateAt}};

constexpr autopar::Port outputs[] = {{.name = "loss", .offset = lossAt}};

constexpr autopar::Description description{
    .model = "bigram",
    .command = "written by hand",
    .mesh = {.sizes = {MESH_X, MESH_Y}, .axes = {"x", "y"}},
    .arenaBytes = arenaBytes,
    .predicted = {.computeSeconds = 1e-4, .communicationSeconds = 1e-5},
    .classes = vocabulary,
    .learningRate = 10,
    .variables = variables,
    .step = {.inputs = inputs, .outputs = outputs, .peakBytes = arenaBytes},
    .evaluate = {.inputs = inputs, .outputs = outputs, .peakBytes = arenaBytes}};

struct Train final : autopar::Program {
  using Program::Program;

  float *const table = arena.at<float>(tableAt, {padded, vocabulary});
  float *const gradient = arena.at<float>(gradientAt, {padded, vocabulary});
  const int32_t *const tokens = arena.at<int32_t>(tokensAt, {rows, columns});
  const int32_t *const labels = arena.at<int32_t>(labelsAt, {rows, columns});
  float *const learning_rate = arena.at<float>(rateAt, {});
  const int64_t *const state = arena.at<int64_t>(stateAt, {2});
  float *const loss = arena.at<float>(lossAt, {});
  std::byte *const workspace = arena.slice(workspaceAt, workspaceBytes).data();
  int64_t lastStep = -1;

  autopar::AllReduce reduce_gradient{
      rank.group({0, 1}), {.ranks = MESH_X * MESH_Y, .tensors = {{padded, vocabulary}}}};
  autopar::AllReduce reduce_loss{rank.group({0, 1}),
                                 {.ranks = MESH_X * MESH_Y, .tensors = {{}}}};

  /// tokens, labels, table → loss, gradient.
  void pass() {
    std::fill_n(gradient, padded * vocabulary, 0.0f);
    double total = 0;
    for (int64_t i = 0; i < rows * columns; ++i) {
      if (labels[i] < 0)
        continue;
      const float *const row = table + tokens[i] * vocabulary;
      float *const grad = gradient + tokens[i] * vocabulary;
      double sum = 0;
      for (int64_t v = 0; v < vocabulary; ++v)
        sum += std::exp(row[v]);
      total += std::log(sum) - row[labels[i]];
      for (int64_t v = 0; v < vocabulary; ++v)
        grad[v] += static_cast<float>((std::exp(row[v]) / sum - (v == labels[i])) /
                                      (batch * sequence));
    }
    *loss = static_cast<float>(total / (batch * sequence));
    reduce_loss({loss}, workspace);
  }

  void step() override {
    if (lastStep >= 0 && state[1] != lastStep + 1)
      throw std::logic_error("step " + std::to_string(state[1]) + " follows step " +
                             std::to_string(lastStep));
    lastStep = state[1];
    pass();
    reduce_gradient({gradient}, workspace);
    for (int64_t i = 0; i < padded * vocabulary; ++i)
      table[i] -= *learning_rate * gradient[i];
  }

  void evaluate() override { pass(); }
};

} // namespace

int main(int argc, char **argv) {
  return autopar::trainMain<Train>(argc, argv, description, autopar::hostTarget());
}
