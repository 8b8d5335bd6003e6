// See NcclTransfer.h.
#include "autopar/cuda/nccl/NcclTransfer.h"

#include "autopar/cuda/CopyRows.h"
#include "autopar/cuda/nccl/Check.h"

#include <stdexcept>
#include <string>
#include <utility>

using namespace autopar;
using namespace autopar::cuda;

static ncclDataType_t ncclType(DataType type) {
  switch (type) {
  case DataType::F32:
    return ncclFloat32;
  case DataType::F64:
    return ncclFloat64;
  case DataType::BF16:
    return ncclBfloat16;
  case DataType::F16:
    return ncclFloat16;
  default:
    throw std::invalid_argument("no sum over ranks is of " + std::string(nameOf(type)));
  }
}

NcclTransfer::NcclTransfer(const Communicator &communicator, Exchange exchange, Kind kind)
    : exchange(std::move(exchange)), kind(kind), communicator(communicator.nccl) {
  if (this->exchange.ranks != communicator.group.ranks)
    throw std::invalid_argument(
        "a collective planned for " + std::to_string(this->exchange.ranks) +
        " ranks cannot run in a group of " + std::to_string(communicator.group.ranks));
}

void NcclTransfer::pack(const Stream &stream, const Message &message,
                        std::span<const void *const> inputs, std::byte *to) const {
  const size_t blocks = exchange.blocksSent;
  size_t offset = 0; // of a tensor's part in the message's block
  for (int tensor : message.tensors) {
    const Route &route = exchange.routes[tensor];
    const auto *const input = static_cast<const std::byte *>(inputs[tensor]);
    const size_t run = route.from.runBytes;
    for (size_t block = 0; block < blocks; ++block)
      copyRows(stream, input + block * run, blocks * run,
               to + block * message.blockBytes + offset, run, route.from.rows, run);
    offset += route.blockBytes;
  }
}

void NcclTransfer::unpack(const Stream &stream, const Message &message, const std::byte *from,
                          std::span<void *const> outputs) const {
  const size_t blocks = exchange.blocksReceived;
  size_t offset = 0;
  for (int tensor : message.tensors) {
    const Route &route = exchange.routes[tensor];
    auto *const output = static_cast<std::byte *>(outputs[tensor]);
    const size_t run = route.to.runBytes;
    for (size_t block = 0; block < blocks; ++block)
      copyRows(stream, from + block * message.blockBytes + offset, run, output + block * run,
               blocks * run, route.to.rows, run);
    offset += route.blockBytes;
  }
}

void NcclTransfer::transfer(const Stream &stream, const Message &message, const void *from,
                            void *to) const {
  const size_t bytes = message.blockBytes;
  switch (kind) {
  case Kind::AllReduce:
    check(ncclAllReduce(from, to, bytes / bytesOf(exchange.type), ncclType(exchange.type),
                        ncclSum, communicator, stream));
    return;
  case Kind::ReduceScatter:
    check(ncclReduceScatter(from, to, bytes / bytesOf(exchange.type), ncclType(exchange.type),
                            ncclSum, communicator, stream));
    return;
  case Kind::AllGather:
    check(ncclAllGather(from, to, bytes, ncclUint8, communicator, stream));
    return;
  case Kind::AllToAll:
    check(ncclGroupStart());
    for (int peer = 0; peer < exchange.ranks; ++peer) {
      check(ncclSend(static_cast<const std::byte *>(from) + peer * bytes, bytes, ncclUint8,
                     peer, communicator, stream));
      check(ncclRecv(static_cast<std::byte *>(to) + peer * bytes, bytes, ncclUint8, peer,
                     communicator, stream));
    }
    check(ncclGroupEnd());
    return;
  }
}

void NcclTransfer::run(const Stream &stream, std::span<const void *const> inputs,
                       std::span<void *const> outputs, void *workspace) {
  const auto isDirect = [](const Message &message) {
    return !message.packs && !message.unpacks;
  };
  check(ncclGroupStart());
  for (const Message &message : exchange.messages)
    if (isDirect(message))
      transfer(stream, message, inputs[message.tensors.front()],
               outputs[message.tensors.front()]);
  check(ncclGroupEnd());

  // These share the workspace, so each is unpacked before the next is packed.
  auto *const room = static_cast<std::byte *>(workspace);
  for (const Message &message : exchange.messages) {
    if (isDirect(message))
      continue;
    const void *from = inputs[message.tensors.front()];
    void *to = outputs[message.tensors.front()];
    if (message.packs) {
      pack(stream, message, inputs, room);
      from = room;
    }
    if (message.unpacks)
      to = room + message.receiveOffset;
    transfer(stream, message, from, to);
    if (message.unpacks)
      unpack(stream, message, static_cast<const std::byte *>(to), outputs);
  }
}
