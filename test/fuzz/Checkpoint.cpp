// Safetensors files, as tensors, as a program's variables and as its batches.
#include "File.h"

#include "autopar/core/checkpoint/SavedRun.h"
#include "autopar/core/checkpoint/StoredModel.h"
#include "autopar/core/FixedBatches.h"
#include "autopar/core/Numbers.h"

#include <stdexcept>

using namespace autopar;

namespace {

constexpr Variable variables[] = {
    {.name = "w", .shape = {2, 3}, .stored = {6}},
    {.name = "w.momentum", .kind = VariableKind::Slot, .shape = {2, 3}, .stored = {6}}};
constexpr Port ports[] = {{.name = "images", .shape = {2, 1, 1, 3}, .split = {{0}}},
                          {.name = "labels", .type = DataType::I32, .shape = {2}, .offset = 64}};

constexpr Mesh one{.sizes = {1}, .axes = {"x"}};

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static Arena arena(128);
  const std::string path = fuzz::file(data, size);
  try {
    const SafetensorsReader reader(path);
    for (const auto &[name, tensor] : reader.tensors())
      fuzz::require(tensor.bytes <= size, "a tensor beyond the file");
    FixedBatches(path, {.inputs = ports}, Place(one, 0), arena, {10, 10}).load(1);
  } catch (const std::exception &) {
  }
  try {
    const StoredTensors stored(path);
    const StoredModel model(stored, variables);
    const int64_t steps = SavedRun::of(stored.metadata(), path).steps.value_or(0);
    fuzz::require(steps >= 0 && steps <= mostSteps, "a number of steps that is none");
    for (const Variable &variable : variables)
      if (const StoredTensors::Tensor *tensor = model.find(variable))
        fuzz::require(tensor->bytes == 24, "a tensor of another size");
  } catch (const std::exception &) {
  }
  return 0;
}
