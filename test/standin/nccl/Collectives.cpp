// NCCL's collectives, and its groups. A group's calls become one piece of a stream's work: its
// sends and receives happen at once, its collectives one after the other. Sums are made in the
// order of ranks, each rounded to the elements' type, so that all ranks get the same.
#include "standin/Report.h"
#include "standin/device/Elements.h"
#include "standin/device/Memory.h"
#include "standin/device/Stream.h"
#include "standin/nccl/Communicator.h"

#include <functional>
#include <string>
#include <vector>

using namespace standin;
using nccl::Mesh;

namespace {

/// A call, before it is put on its stream.
struct Call {
  const char *name;
  ncclComm_t communicator;
  cudaStream_t stream;
  std::vector<Operand> operands;
  std::function<void()> run;           ///< of a collective
  std::vector<Mesh::Transfer> message; ///< of a send or a receive
};

thread_local int depth = 0; ///< of groups
thread_local std::vector<Call> calls;

Element elementOf(ncclDataType_t type) {
  switch (type) {
  case ncclFloat32:
    return Element::F32;
  case ncclFloat64:
    return Element::F64;
  case ncclBfloat16:
    return Element::BF16;
  case ncclFloat16:
    return Element::F16;
  case ncclUint8:
    return Element::U8;
  default:
    report("NCCL's type " + std::to_string(type) + " is one that the stand-in does not know");
  }
}

std::string text(const std::string &call, size_t count, ncclDataType_t type) {
  return call + " of " + std::to_string(count) + " elements of type " + std::to_string(type);
}

/// What a group has of sends and receives on one communicator and stream.
void runMessages(Mesh &mesh, const std::vector<Mesh::Transfer> &messages) {
  std::vector<Mesh::Transfer> both;
  for (int peer = 0; peer < mesh.ranks; ++peer) {
    std::vector<Mesh::Transfer> sends, receives;
    for (const Mesh::Transfer &message : messages)
      if (message.peer == peer)
        (message.from ? sends : receives).push_back(message);
    for (size_t i = 0; i < std::max(sends.size(), receives.size()); ++i) {
      Mesh::Transfer transfer{peer, nullptr, 0, nullptr, 0};
      if (i < sends.size()) {
        transfer.from = sends[i].from;
        transfer.bytesFrom = sends[i].bytesFrom;
      }
      if (i < receives.size()) {
        transfer.to = receives[i].to;
        transfer.bytesTo = receives[i].bytesTo;
      }
      both.push_back(transfer);
    }
  }
  mesh.exchange("a group of ncclSend and ncclRecv", both);
}

ncclResult_t put(cudaStream_t stream, const char *name, std::function<void()> run,
                 std::vector<Operand> operands) {
  return submit(stream,
                {.name = name, .run = std::move(run), .operands = std::move(operands)}) ==
                 cudaSuccess
             ? ncclSuccess
             : ncclUnhandledCudaError;
}

/// Puts out what groups have gathered.
ncclResult_t flush() {
  const std::vector<Call> gathered = std::exchange(calls, {});
  std::vector<Mesh::Transfer> messages;
  std::vector<Operand> operands;
  const Call *first = nullptr;
  for (const Call &call : gathered) {
    if (call.run) {
      if (const ncclResult_t result = put(call.stream, call.name, call.run, call.operands);
          result != ncclSuccess)
        return result;
      continue;
    }
    if (first && (first->communicator != call.communicator || first->stream != call.stream))
      report("a group of NCCL's sends on several communicators or streams, which the stand-in "
             "does not know");
    first = &call;
    messages.push_back(call.message.front());
    operands.push_back(call.operands.front());
  }
  if (!first)
    return ncclSuccess;
  return put(
      first->stream, "a group of ncclSend and ncclRecv",
      [&mesh = first->communicator->mesh, messages] { runMessages(mesh, messages); }, operands);
}

Operand operandOf(const char *call, Use use, const void *begin, size_t bytes) {
  return {use, std::string("what ") + call + (use == Use::Read ? " reads" : " writes"), begin,
          bytes};
}

ncclResult_t add(Call call) {
  for (const Operand &operand : call.operands)
    require(Place::Device, operand.begin, operand.extent(), operand.name);
  calls.push_back(std::move(call));
  return depth == 0 ? flush() : ncclSuccess;
}

/// sums[i] += terms[i], rounded.
void addTo(void *sums, const void *terms, Element type, size_t count) {
  for (size_t i = 0; i < count; ++i)
    writeElement(sums, type, i, readElement(sums, type, i) + readElement(terms, type, i));
}

/// A whole from every rank's terms for this one: `ofPeer` says what is sent to a peer.
void sumOver(Mesh &mesh, const std::string &what,
             const std::function<const void *(int)> &ofPeer, void *to, Element type,
             size_t count) {
  const size_t bytes = count * bytesOf(type);
  std::vector<std::vector<char>> terms(mesh.ranks, std::vector<char>(bytes));
  std::vector<Mesh::Transfer> transfers;
  for (int peer = 0; peer < mesh.ranks; ++peer)
    transfers.push_back({peer, ofPeer(peer), bytes, terms[peer].data(), bytes});
  mesh.exchange(what, transfers);
  for (int peer = 1; peer < mesh.ranks; ++peer)
    addTo(terms[0].data(), terms[peer].data(), type, count);
  std::copy(terms[0].begin(), terms[0].end(), static_cast<char *>(to));
}

const char *plus(const void *bytes, size_t offset) {
  return static_cast<const char *>(bytes) + offset;
}

/// A collective that sums `count` elements: `from` holds a part for each rank, or one for all.
ncclResult_t addSum(const char *name, const void *from, int parts, void *to, size_t count,
                    ncclDataType_t type, ncclRedOp_t operation, ncclComm_t communicator,
                    cudaStream_t stream) {
  if (operation != ncclSum)
    return ncclInvalidArgument;
  const Element element = elementOf(type);
  const size_t bytes = count * bytesOf(element);
  const auto ofPeer = [=](int peer) { return plus(from, peer % parts * bytes); };
  const std::string what =
      text(name, count, type) + communicator->placeOf(from) + communicator->placeOf(to);
  return add({name,
              communicator,
              stream,
              {operandOf(name, Use::Read, from, bytes * parts),
               operandOf(name, Use::Write, to, bytes)},
              [=] { sumOver(communicator->mesh, what, ofPeer, to, element, count); },
              {}});
}

} // namespace

ncclResult_t ncclGroupStart() {
  ++depth;
  return ncclSuccess;
}

ncclResult_t ncclGroupEnd() {
  if (depth == 0)
    return ncclInvalidUsage;
  return --depth == 0 ? flush() : ncclSuccess;
}

ncclResult_t ncclAllReduce(const void *from, void *to, size_t count, ncclDataType_t type,
                           ncclRedOp_t operation, ncclComm_t communicator,
                           cudaStream_t stream) {
  return addSum("ncclAllReduce", from, 1, to, count, type, operation, communicator, stream);
}

ncclResult_t ncclReduceScatter(const void *from, void *to, size_t count, ncclDataType_t type,
                               ncclRedOp_t operation, ncclComm_t communicator,
                               cudaStream_t stream) {
  return addSum("ncclReduceScatter", from, communicator->mesh.ranks, to, count, type, operation,
                communicator, stream);
}

ncclResult_t ncclAllGather(const void *from, void *to, size_t count, ncclDataType_t type,
                           ncclComm_t communicator, cudaStream_t stream) {
  const size_t bytes = count * bytesOf(elementOf(type));
  const char *const name = "ncclAllGather";
  const std::string what =
      text(name, count, type) + communicator->placeOf(from) + communicator->placeOf(to);
  return add({name,
              communicator,
              stream,
              {operandOf(name, Use::Read, from, bytes),
               operandOf(name, Use::Write, to, bytes * communicator->mesh.ranks)},
              [=] {
                Mesh &mesh = communicator->mesh;
                std::vector<Mesh::Transfer> transfers;
                for (int peer = 0; peer < mesh.ranks; ++peer)
                  transfers.push_back(
                      {peer, from, bytes, const_cast<char *>(plus(to, peer * bytes)), bytes});
                mesh.exchange(what, transfers);
              },
              {}});
}

ncclResult_t ncclSend(const void *from, size_t count, ncclDataType_t type, int peer,
                      ncclComm_t communicator, cudaStream_t stream) {
  const size_t bytes = count * bytesOf(elementOf(type));
  if (bytes == 0)
    return ncclSuccess;
  return add({"ncclSend",
              communicator,
              stream,
              {operandOf("ncclSend", Use::Read, from, bytes)},
              nullptr,
              {{peer, from, bytes, nullptr, 0}}});
}

ncclResult_t ncclRecv(void *to, size_t count, ncclDataType_t type, int peer,
                      ncclComm_t communicator, cudaStream_t stream) {
  const size_t bytes = count * bytesOf(elementOf(type));
  if (bytes == 0)
    return ncclSuccess;
  return add({"ncclRecv",
              communicator,
              stream,
              {operandOf("ncclRecv", Use::Write, to, bytes)},
              nullptr,
              {{peer, nullptr, 0, to, bytes}}});
}
