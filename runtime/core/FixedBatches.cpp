#include "autopar/core/FixedBatches.h"

#include <cstring>
#include <stdexcept>

using namespace autopar;

namespace {

constexpr const char *names[] = {"images", "tokens", "labels"};

struct Found {
  const std::byte *data;
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
  return {tensor->data.data(), batches};
}

/// Labels may be -1, where a row counts for nothing; tokens may not.
void checkNumbers(const SafetensorsReader &file, const std::string &name, const Found &found,
                  int64_t count, int64_t classes) {
  const bool labels = name == "labels";
  for (int64_t i = 0; i < count; ++i) {
    int32_t number;
    std::memcpy(&number, found.data + i * sizeof number, sizeof number);
    if (number < (labels ? -1 : 0) || number >= classes)
      throw std::runtime_error(file.path().string() + ": " + (labels ? "label " : "token ") +
                               std::to_string(i) + " is " + std::to_string(number) +
                               ", but the model has " + std::to_string(classes) + " classes");
  }
}

} // namespace

FixedBatches::FixedBatches(const std::filesystem::path &path, const EntryPoint &step,
                           const Place &place, Arena &arena, int64_t classes)
    : file(path) {
  std::string firstName;
  for (const char *name : names) {
    const Port *port = step.findInput(name);
    if (!port)
      continue;
    const Found found = find(file, *port);
    if (inputs.empty()) {
      firstName = name;
      batches = found.batches;
    }
    if (found.batches != batches)
      throw std::runtime_error(path.string() + ": " + std::to_string(batches) + " batches of " +
                               firstName + ", but " + std::to_string(found.batches) + " of " +
                               name);
    const int64_t count = elements(port->shape);
    if (port->type == DataType::I32)
      checkNumbers(file, name, found, batches * count, classes);
    const Shard shard(place, port->shape, port->split);
    const auto width = static_cast<int64_t>(bytesOf(port->type));
    inputs.push_back(
        {Staging<std::byte>(arena, port->offset, {elements(shard.shape()) * width}), shard,
         found.data, width, count * width});
    samples = count; // the labels', which are last
  }
  if (inputs.size() < 2)
    throw std::invalid_argument("--fixed-batch fills images or tokens, and labels; the program "
                                "has not both");
}

void FixedBatches::fill(int64_t step) {
  for (const Input &input : inputs) {
    const std::byte *const from = input.tensor + step % batches * input.batchBytes;
    const int64_t width = input.elementBytes;
    input.shard.forEachRun([&](int64_t global, int64_t local, int64_t count) {
      std::memcpy(input.data.data() + local * width, from + global * width, count * width);
    });
  }
}

void FixedBatches::flush() {
  for (const Input &input : inputs)
    input.data.flush();
}
