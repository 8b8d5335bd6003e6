#include "autopar/core/FixedBatches.h"

#include <cstring>
#include <stdexcept>

using namespace autopar;

namespace {

/// The tensor `name`, whose shape must be `one` or a list of such. Sets
/// `batches` to the length of that list.
const std::byte *find(const SafetensorsReader &file, const std::string &name, DataType type,
                      const Shape &one, int64_t &batches) {
  const SafetensorsReader::Tensor *tensor = file.find(name);
  const std::string wanted = std::string(nameOf(type)) + toString(one);
  if (!tensor)
    throw std::runtime_error(file.path().string() + ": tensor " + name + " " + wanted +
                             " is missing");
  Shape shape = tensor->shape;
  batches = 1;
  if (shape.size() == one.size() + 1) {
    batches = shape[0];
    shape = {};
    for (int dim = 1; dim <= one.size(); ++dim)
      shape.push_back(tensor->shape[dim]);
  }
  if (tensor->type != nameOf(type) || shape != one || batches == 0)
    throw std::runtime_error(file.path().string() + ": tensor " + name + " is " + tensor->type +
                             toString(tensor->shape) + ", not " + wanted + " or several of it");
  return tensor->data.data();
}

} // namespace

FixedBatches::FixedBatches(const std::filesystem::path &path, const BatchBuffers &buffers,
                           int64_t classes)
    : file(path), buffers(buffers) {
  int64_t labelBatches = 1;
  images = find(file, "images", DataType::F32,
                {buffers.batch, buffers.height, buffers.width, buffers.channels}, batches);
  labels = find(file, "labels", DataType::I32, {buffers.batch}, labelBatches);
  if (batches != labelBatches)
    throw std::runtime_error(path.string() + ": " + std::to_string(batches) +
                             " batches of images, but " + std::to_string(labelBatches) +
                             " of labels");
  for (int64_t i = 0; i < batches * buffers.batch; ++i) {
    int32_t label;
    std::memcpy(&label, labels + i * sizeof label, sizeof label);
    if (label < -1 || label >= classes)
      throw std::runtime_error(path.string() + ": label " + std::to_string(i) + " is " +
                               std::to_string(label) + ", but the model has " +
                               std::to_string(classes) + " classes");
  }
}

void FixedBatches::fill(int64_t step) {
  const int64_t firstRow = step % batches * buffers.batch;
  const auto copyRows = [firstRow](void *to, const std::byte *from, const RowRange &rows,
                                   int64_t rowBytes) {
    std::memcpy(to, from + (firstRow + rows.begin) * rowBytes, rows.count * rowBytes);
  };
  copyRows(buffers.images.data(), images, buffers.imageRows,
           buffers.height * buffers.width * buffers.channels * sizeof(float));
  copyRows(buffers.labels.data(), labels, buffers.labelRows, sizeof(int32_t));
}
