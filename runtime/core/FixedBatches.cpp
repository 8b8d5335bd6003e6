#include "autopar/core/FixedBatches.h"

#include "autopar/core/BatchInputs.h"

#include <cstring>
#include <stdexcept>

using namespace autopar;

namespace {

struct Found {
  const SafetensorsReader::Tensor *tensor;
  int64_t batches;
};

/// The port's tensor, whose shape must be the port's or a list of such.
Found find(const SafetensorsReader &file, const Port &port) {
  const std::string name(port.name);
  const SafetensorsReader::Tensor *tensor = file.find(name);
  const std::string wanted = std::string(nameOf(port.type)) + toString(port.shape);
  if (!tensor)
    throw std::runtime_error(file.path().string() + ": tensor " + name + " " + wanted +
                             " is missing");
  Shape shape = tensor->shape;
  int64_t batches = 1;
  if (shape.size() == port.shape.size() + 1) {
    batches = shape[0];
    shape = {};
    for (int dim = 1; dim < tensor->shape.size(); ++dim)
      shape.push_back(tensor->shape[dim]);
  }
  if (tensor->type != nameOf(port.type) || shape != port.shape || batches == 0)
    throw std::runtime_error(file.path().string() + ": tensor " + name + " is " + tensor->type +
                             toString(tensor->shape) + ", not " + wanted + " or several of it");
  return {tensor, batches};
}

} // namespace

FixedBatches::FixedBatches(const std::filesystem::path &path, const EntryPoint &step,
                           const Place &place, Arena &arena, const Bounds &bounds)
    : file(path), bounds(bounds) {
  for (const Port &port : step.inputs) {
    if (!isOfBatch(port))
      continue;
    const Found found = find(file, port);
    if (inputs.empty())
      batches = found.batches;
    if (found.batches != batches)
      throw std::runtime_error(path.string() + ": " + std::to_string(batches) + " batches of " +
                               std::string(inputs.front().port->name) + ", but " +
                               std::to_string(found.batches) + " of " + std::string(port.name));
    const int64_t count = elements(port.shape);
    if (port.type == DataType::I32) {
      std::vector<std::byte> all(found.tensor->bytes);
      file.read(*found.tensor, 0, all);
      check(port, 0, all);
    }
    const Shard shard(place, port.shape, port.split);
    const auto width = static_cast<int64_t>(bytesOf(port.type));
    inputs.push_back(
        {Staging<std::byte>(arena, port.offset, {elements(shard.shape()) * width}, port.next),
         shard, TensorReader(file, *found.tensor), &port, width, count * width});
  }
  if (inputs.empty())
    throw std::invalid_argument("--fixed-batch fills what a program reads of a batch; this one "
                                "reads nothing");
  const Port *tokens = step.findInput("tokens");
  const Shape &first = inputs.front().port->shape;
  samples = tokens ? elements(tokens->shape) : first.empty() ? 1 : first[0];
}

/// Labels may be negative, where a row counts for nothing; tokens may not. Of other numbers
/// nothing is known.
void FixedBatches::check(const Port &port, int64_t first,
                         std::span<const std::byte> part) const {
  const bool labels = port.name == "labels" || port.name == "token_labels";
  if (!labels && port.name != "tokens")
    return;
  const int64_t classes = labels ? bounds.classes : bounds.vocabulary;
  for (size_t i = 0; i < part.size() / sizeof(int32_t); ++i) {
    int32_t number;
    std::memcpy(&number, part.data() + i * sizeof number, sizeof number);
    if ((!labels && number < 0) || number >= classes)
      throw std::runtime_error(file.path().string() + ": " + (labels ? "label " : "token ") +
                               std::to_string(first + static_cast<int64_t>(i)) + " is " +
                               std::to_string(number) + ", but the model has " +
                               std::to_string(classes) + " classes");
  }
}

void FixedBatches::fill(int64_t step) {
  for (Input &input : inputs) {
    const int64_t width = input.elementBytes;
    const int64_t batchBegin = step % batches * input.batchBytes;
    input.shard.forEachRun([&](int64_t global, int64_t local, int64_t count) {
      const std::span<std::byte> run(input.data.data() + local * width,
                                     static_cast<size_t>(count * width));
      input.tensor.read(batchBegin + global * width, run);
      if (input.port->type == DataType::I32) // the file may have changed
        check(*input.port, batchBegin / width + global, run);
    });
  }
}

void FixedBatches::bring() {
  for (const Input &input : inputs)
    input.data.bring();
}

void FixedBatches::flush() {
  for (const Input &input : inputs)
    input.data.flush();
}
