#include "autopar/core/TokenBuffers.h"

#include "autopar/core/Shard.h"

#include <algorithm>
#include <stdexcept>
#include <string>

using namespace autopar;

namespace {

const Port &require(const EntryPoint &entry, const char *name) {
  const Port *port = entry.findInput(name);
  if (!port)
    throw std::invalid_argument(std::string("the program has no input ") + name);
  if (port->type != DataType::I32 || port->shape.size() != 2)
    throw std::invalid_argument(std::string("input ") + name + " is " +
                                std::string(nameOf(port->type)) + toString(port->shape) +
                                ", not I32 of 2 dimensions, the batch and the sequence");
  return *port;
}

} // namespace

TokenBuffers::Block::Block(const Port &port, const Place &place, Arena &arena) {
  const Shard shard(place, port.shape, port.split);
  data = Staging<int32_t>(arena, port.offset, shard.shape(), port.next);
  firstRow = shard.begin(0);
  rows = shard.shape()[0];
  firstColumn = shard.begin(1);
  columns = shard.shape()[1];
}

void TokenBuffers::Block::fill(std::span<const int64_t> starts, const TokenText &text,
                               int64_t shift, int32_t without) const {
  for (int64_t row = 0; row < rows; ++row) {
    int32_t *const out = data.data() + row * columns;
    const int64_t start = starts[firstRow + row];
    if (start == noText)
      std::fill_n(out, columns, without);
    else
      text.read(start + firstColumn + shift, columns, out);
  }
}

TokenBuffers::TokenBuffers(const EntryPoint &entry, const Place &place, Arena &arena)
    : rows(require(entry, "tokens").shape[0]), columns(require(entry, "tokens").shape[1]),
      tokens(require(entry, "tokens"), place, arena),
      labels(require(entry, "labels"), place, arena) {
  const Shape &ofTokens = entry.findInput("tokens")->shape;
  const Shape &ofLabels = entry.findInput("labels")->shape;
  if (ofTokens != ofLabels)
    throw std::invalid_argument("input tokens is " + toString(ofTokens) + ", labels " +
                                toString(ofLabels) + "; each token has one label");
}

void TokenBuffers::fill(std::span<const int64_t> starts, const TokenText &text) const {
  tokens.fill(starts, text, /*shift=*/0, /*without=*/0);
  labels.fill(starts, text, /*shift=*/1, /*without=*/-1);
}
