#include "autopar/core/TokenBuffers.h"

#include "autopar/core/BatchInputs.h"
#include "autopar/core/Shard.h"

#include <algorithm>
#include <stdexcept>
#include <string>

using namespace autopar;

namespace {

const Port &requireTokens(const EntryPoint &entry) {
  const Port *port = entry.findInput("tokens");
  if (!port)
    throw std::invalid_argument("the program has no input tokens");
  if (port->type != DataType::I32 || port->shape.size() != 2)
    throw std::invalid_argument("input tokens is " + std::string(nameOf(port->type)) +
                                toString(port->shape) +
                                ", not I32 of 2 dimensions, the batch and the sequence");
  return *port;
}

/// Text has a label for each token.
void requireShape(const Port &labels, const Port &tokens) {
  if (labels.type != tokens.type || labels.shape != tokens.shape)
    throw std::invalid_argument(
        "input tokens is " + toString(tokens.shape) + ", " + std::string(labels.name) + " " +
        std::string(nameOf(labels.type)) + toString(labels.shape) +
        "; in a text each token has one label, others are given by --fixed-batch");
}

} // namespace

TokenBuffers::Block::Block(const Kind &kind, const Port &port, const Place &place, Arena &arena)
    : kind(kind) {
  const Shard shard(place, port.shape, port.split);
  data = Staging<int32_t>(arena, port.offset, shard.shape(), port.next);
  firstRow = shard.begin(0);
  rows = shard.shape()[0];
  firstColumn = shard.begin(1);
  columns = shard.shape()[1];
}

void TokenBuffers::Block::fill(std::span<const int64_t> starts, const TokenText &text) const {
  for (int64_t row = 0; row < rows; ++row) {
    int32_t *const out = data.data() + row * columns;
    const int64_t start = starts[firstRow + row];
    if (start == noText)
      std::fill_n(out, columns, kind.without);
    else
      text.read(start + firstColumn + kind.shift, columns, out);
  }
}

TokenBuffers::TokenBuffers(const EntryPoint &entry, const Place &place, Arena &arena) {
  const Port &tokens = requireTokens(entry);
  rows = tokens.shape[0];
  columns = tokens.shape[1];
  for (const Kind &kind : kinds)
    if (const Port *port = entry.findInput(kind.name)) {
      requireShape(*port, tokens);
      blocks.emplace_back(kind, *port, place, arena);
    }
  requireNoOthers(entry, {"tokens", "labels", "token_labels"});
}

void TokenBuffers::fill(std::span<const int64_t> starts, const TokenText &text) const {
  for (const Block &block : blocks)
    block.fill(starts, text);
}
