#include "autopar/mpi/Messages.h"

#include <algorithm>
#include <stdexcept>
#include <string>

using namespace autopar;

namespace {

/// Tensors whose blocks have at least this many bytes travel alone: from here
/// on two copies take longer than a message's latency.
constexpr size_t aloneBytes = size_t(256) << 10;

constexpr size_t alignment = 64; ///< of regions in the workspace

size_t roundUp(size_t bytes) { return (bytes + alignment - 1) / alignment * alignment; }

void requireDim(const Shape &shape, int dim) {
  if (dim < 0 || dim >= shape.size())
    throw std::invalid_argument("a tensor " + toString(shape) + " has no dimension " +
                                std::to_string(dim));
}

/// `shape` with dimension `dim` cut into `ranks` blocks.
Shape cut(const Shape &shape, int dim, int ranks) {
  requireDim(shape, dim);
  if (shape[dim] % ranks != 0)
    throw std::invalid_argument("dimension " + std::to_string(dim) + " of " + toString(shape) +
                                " does not divide into " + std::to_string(ranks) + " blocks");
  Shape block = shape;
  block[dim] /= ranks;
  return block;
}

size_t tensorBytes(const Shape &shape, DataType type) {
  return static_cast<size_t>(elements(shape)) * bytesOf(type);
}

/// How blocks of shape `block` interleave when they stand side by side along
/// dimension `dim`.
Interleaving interleaving(const Shape &block, int dim, DataType type) {
  requireDim(block, dim);
  Interleaving result{1, bytesOf(type)};
  for (int i = 0; i < block.size(); ++i)
    (i < dim ? result.rows : result.runBytes) *= static_cast<size_t>(block[i]);
  return result;
}

/// A tensor that is one block by itself.
Interleaving whole(const Shape &shape, DataType type) { return {1, tensorBytes(shape, type)}; }

void requireSummable(DataType type) {
  switch (type) {
  case DataType::F32:
  case DataType::F64:
  case DataType::BF16:
  case DataType::F16:
    return;
  default:
    throw std::invalid_argument("a sum over ranks is of F32, F64, BF16 or F16, not " +
                                std::string(nameOf(type)));
  }
}

} // namespace

Exchange::Exchange(const AllReducePlan &plan) : ranks(plan.ranks), type(plan.type) {
  requireSummable(type);
  for (const Shape &shape : plan.tensors)
    routes.push_back({tensorBytes(shape, type), whole(shape, type), whole(shape, type)});
  layOut();
  // A sum in place packs, reduces and unpacks in the same bytes.
  workspaceBytes = 0;
  for (Message &message : messages) {
    message.receiveOffset = 0;
    if (message.packs)
      workspaceBytes = std::max(workspaceBytes, message.blockBytes);
  }
}

Exchange::Exchange(const AllGatherPlan &plan)
    : ranks(plan.ranks), type(plan.type), blocksReceived(plan.ranks) {
  for (const auto &[shape, dim] : plan.tensors)
    routes.push_back(
        {tensorBytes(shape, type), whole(shape, type), interleaving(shape, dim, type)});
  layOut();
}

Exchange::Exchange(const ReduceScatterPlan &plan)
    : ranks(plan.ranks), type(plan.type), blocksSent(plan.ranks) {
  requireSummable(type);
  for (const auto &[shape, dim] : plan.tensors) {
    const Shape block = cut(shape, dim, ranks);
    routes.push_back(
        {tensorBytes(block, type), interleaving(block, dim, type), whole(block, type)});
  }
  layOut();
}

Exchange::Exchange(const AllToAllPlan &plan)
    : ranks(plan.ranks), type(plan.type), blocksSent(plan.ranks), blocksReceived(plan.ranks) {
  for (const auto &[shape, splitDim, concatDim] : plan.tensors) {
    const Shape block = cut(shape, splitDim, ranks);
    routes.push_back({tensorBytes(block, type), interleaving(block, splitDim, type),
                      interleaving(block, concatDim, type)});
  }
  layOut();
}

void Exchange::layOut() {
  Message shared;
  for (int tensor = 0; tensor < static_cast<int>(routes.size()); ++tensor) {
    const size_t bytes = routes[tensor].blockBytes;
    if (bytes >= aloneBytes) {
      messages.push_back({.tensors = {tensor}, .blockBytes = bytes});
    } else {
      shared.tensors.push_back(tensor);
      shared.blockBytes += bytes;
    }
  }
  if (!shared.tensors.empty())
    messages.push_back(shared);

  for (Message &message : messages) {
    const Route &first = routes[message.tensors.front()];
    const bool alone = message.tensors.size() == 1;
    message.packs = !alone || first.from.rows != 1;
    message.unpacks = !alone || first.to.rows != 1;
    if (message.packs)
      message.receiveOffset = roundUp(message.blockBytes * blocksSent);
    const size_t received = message.unpacks ? message.blockBytes * blocksReceived : 0;
    workspaceBytes = std::max(workspaceBytes, message.receiveOffset + received);
  }
}
