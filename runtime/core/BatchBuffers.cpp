#include "autopar/core/BatchBuffers.h"

#include "autopar/core/BatchInputs.h"
#include "autopar/core/Dataset.h"
#include "autopar/core/Shard.h"

#include <stdexcept>
#include <string>

using namespace autopar;

namespace {

const Port &require(const EntryPoint &entry, const char *name, DataType type, int dimensions) {
  const Port *port = entry.findInput(name);
  if (!port)
    throw std::invalid_argument(std::string("the program has no input ") + name);
  if (port->type != type || port->shape.size() != dimensions)
    throw std::invalid_argument(std::string("input ") + name + " is " +
                                std::string(nameOf(port->type)) + toString(port->shape) +
                                ", not " + std::string(nameOf(type)) + " of " +
                                std::to_string(dimensions) +
                                " dimensions; give batches by --fixed-batch");
  for (int dim = 1; dim < port->split.size(); ++dim)
    if (!port->split[dim].empty())
      throw std::invalid_argument(std::string("input ") + name + " is split along dimension " +
                                  std::to_string(dim) + "; only the batch may be");
  return *port;
}

} // namespace

BatchBuffers::BatchBuffers(const EntryPoint &entry, const Place &place, Arena &arena) {
  const Port &image = require(entry, "images", DataType::F32, 4);
  batch = image.shape[0];
  height = image.shape[1];
  width = image.shape[2];
  channels = image.shape[3];

  const Shard imageShard(place, image.shape, image.split);
  if (image.next && arena.memory().feed() && height == Sample::side && width == Sample::side)
    pixels = PixelStaging(arena, image.offset, imageShard.shape(), *image.next);
  else
    images = Staging<float>(arena, image.offset, imageShard.shape(), image.next);
  imageRows = {imageShard.begin(0), imageShard.shape()[0]};

  requireNoOthers(entry, {"images", "labels"});
  hasLabels = entry.findInput("labels");
  labelRows = {imageRows.begin, 0};
  if (!hasLabels)
    return;
  const Port &label = require(entry, "labels", DataType::I32, 1);
  if (image.shape[0] != label.shape[0])
    throw std::invalid_argument("input images has " + std::to_string(image.shape[0]) +
                                " rows, labels " + std::to_string(label.shape[0]));
  const Shard labelShard(place, label.shape, label.split);
  labels = Staging<int32_t>(arena, label.offset, labelShard.shape(), label.next);
  labelRows = {labelShard.begin(0), labelShard.shape()[0]};
}
