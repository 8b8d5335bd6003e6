// Pack, one MPI call, unpack, for each message of a bucket.

#include "autopar/mpi/Collectives.h"

#include "autopar/mpi/CheckMpi.h"
#include "autopar/mpi/Messages.h"
#include "autopar/mpi/MpiPeers.h"

#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

using namespace autopar;

namespace {

/// Copies `rows` runs of `bytes`; consecutive runs are `fromStride` and
/// `toStride` bytes apart.
void copyRuns(const std::byte *from, size_t fromStride, std::byte *to, size_t toStride,
              size_t bytes, size_t rows) {
#pragma omp parallel for schedule(static) if (rows * bytes > (size_t(1) << 18))
  for (size_t row = 0; row < rows; ++row)
    std::memcpy(to + row * toStride, from + row * fromStride, bytes);
}

/// A block as an MPI type and count, whatever its size: plain bytes, or beyond
/// `maxCount` of them one element of a type made of pieces.
class BlockType {
public:
  BlockType(size_t bytes, int64_t maxCount) {
    const auto most = static_cast<size_t>(maxCount);
    if (bytes <= most) {
      count = static_cast<int>(bytes);
      return;
    }
    const size_t pieces = bytes / most;
    int lengths[2] = {1, static_cast<int>(bytes % most)};
    MPI_Aint places[2] = {0, static_cast<MPI_Aint>(pieces * most)};
    MPI_Datatype parts[2] = {MPI_DATATYPE_NULL, MPI_BYTE};
    MPI_Datatype piece;
    checkMpi(MPI_Type_contiguous(static_cast<int>(most), MPI_BYTE, &piece));
    checkMpi(MPI_Type_contiguous(static_cast<int>(pieces), piece, &parts[0]));
    checkMpi(MPI_Type_create_struct(2, lengths, places, parts, &type));
    checkMpi(MPI_Type_commit(&type));
    checkMpi(MPI_Type_free(&parts[0]));
    checkMpi(MPI_Type_free(&piece));
    count = 1;
    owned = true;
  }
  BlockType(BlockType &&other) noexcept
      : type(other.type), count(other.count), owned(std::exchange(other.owned, false)) {}
  ~BlockType() {
    // Call objects may outlive MPI when an exception ends the program.
    int finalized = 0;
    MPI_Finalized(&finalized);
    if (owned && !finalized)
      MPI_Type_free(&type);
  }

  MPI_Datatype type = MPI_BYTE;
  int count = 0;

private:
  bool owned = false;
};

using Sources = std::span<const void *const>;

/// MPI's name of a type that plans may sum.
MPI_Datatype summable(DataType type) {
  if (type != DataType::F32 && type != DataType::F64)
    throw std::invalid_argument("MPI sums F32 and F64, not " + std::string(nameOf(type)));
  return type == DataType::F64 ? MPI_DOUBLE : MPI_FLOAT;
}

} // namespace

struct Collective::State {
  State(const Group &group, Exchange plan, int64_t maxCount)
      : exchange(std::move(plan)), communicator(MpiPeers::communicator(group)), maxCount(maxCount) {
    if (exchange.ranks != group.ranks)
      throw std::invalid_argument("a collective planned for " + std::to_string(exchange.ranks) +
                                  " ranks cannot run in a group of " +
                                  std::to_string(group.ranks));
    for (const Message &message : exchange.messages)
      blockTypes.emplace_back(message.blockBytes, maxCount);
  }

  /// Where the message is sent from, after packing.
  const std::byte *pack(const Message &message, Sources inputs, std::byte *workspace) const {
    if (!message.packs)
      return at(inputs, message.tensors.front());
    const size_t blocks = exchange.blocksSent;
    size_t offset = 0; // of a tensor's part in the message's block
    for (int tensor : message.tensors) {
      const Route &route = exchange.routes[tensor];
      const std::byte *input = at(inputs, tensor);
      for (size_t block = 0; block < blocks; ++block)
        copyRuns(input + block * route.from.runBytes, blocks * route.from.runBytes,
                 workspace + block * message.blockBytes + offset, route.from.runBytes,
                 route.from.runBytes, route.from.rows);
      offset += route.blockBytes;
    }
    return workspace;
  }

  /// Where the message is received.
  std::byte *landing(const Message &message, Outputs outputs, std::byte *workspace) const {
    return message.unpacks ? workspace + message.receiveOffset
                           : at(outputs, message.tensors.front());
  }

  void unpack(const Message &message, Outputs outputs, const std::byte *received) const {
    if (!message.unpacks)
      return;
    const size_t blocks = exchange.blocksReceived;
    size_t offset = 0;
    for (int tensor : message.tensors) {
      const Route &route = exchange.routes[tensor];
      std::byte *output = at(outputs, tensor);
      for (size_t block = 0; block < blocks; ++block)
        copyRuns(received + block * message.blockBytes + offset, route.to.runBytes,
                 output + block * route.to.runBytes, blocks * route.to.runBytes,
                 route.to.runBytes, route.to.rows);
      offset += route.blockBytes;
    }
  }

  /// Every message in turn: `transfer(from, to, message, blockType)` is the MPI
  /// call between packing and unpacking.
  template <typename Transfer>
  void run(Sources inputs, Outputs outputs, void *workspace, const Transfer &transfer) const {
    requireBuffers(inputs.size());
    requireBuffers(outputs.size());
    auto *scratch = static_cast<std::byte *>(workspace);
    for (size_t i = 0; i < exchange.messages.size(); ++i) {
      const Message &message = exchange.messages[i];
      const std::byte *from = pack(message, inputs, scratch);
      std::byte *to = landing(message, outputs, scratch);
      transfer(from, to, message, blockTypes[i]);
      unpack(message, outputs, to);
    }
  }

  /// Calls `piece(done, count)` for counts of at most maxCount.
  template <typename Piece> void inPieces(size_t elements, const Piece &piece) const {
    const auto total = static_cast<int64_t>(elements);
    for (int64_t done = 0; done < total; done += maxCount)
      piece(done, static_cast<int>(std::min(maxCount, total - done)));
  }

  void requireBuffers(size_t given) const {
    if (given != exchange.routes.size())
      throw std::invalid_argument("a collective of " + std::to_string(exchange.routes.size()) +
                                  " tensors was called with " + std::to_string(given));
  }

  static const std::byte *at(Sources inputs, int tensor) {
    return static_cast<const std::byte *>(inputs[tensor]);
  }
  static std::byte *at(Outputs outputs, int tensor) {
    return static_cast<std::byte *>(outputs.begin()[tensor]);
  }

  Exchange exchange;
  MPI_Comm communicator;
  int64_t maxCount;
  std::vector<BlockType> blockTypes; ///< one a message
};

Collective::Collective(std::unique_ptr<State> state) : state(std::move(state)) {}
Collective::~Collective() = default;
Collective::Collective(Collective &&) noexcept = default;

size_t Collective::workspaceBytes() const { return state->exchange.workspaceBytes; }

AllReduce::AllReduce(const Group &group, const AllReducePlan &plan, int64_t maxCount)
    : Collective(std::make_unique<State>(group, Exchange(plan), maxCount)) {}

void AllReduce::operator()(Outputs tensors, void *workspace) const {
  const MPI_Datatype type = summable(state->exchange.type);
  const size_t width = bytesOf(state->exchange.type);
  const Sources sources(tensors.begin(), tensors.size());
  state->run(sources, tensors, workspace,
             [&](const std::byte *, std::byte *sum, const Message &message, const BlockType &) {
               state->inPieces(message.blockBytes / width, [&](int64_t done, int count) {
                 checkMpi(MPI_Allreduce(MPI_IN_PLACE, sum + done * width, count, type, MPI_SUM,
                                        state->communicator));
               });
             });
}

AllGather::AllGather(const Group &group, const AllGatherPlan &plan, int64_t maxCount)
    : Collective(std::make_unique<State>(group, Exchange(plan), maxCount)) {}

void AllGather::operator()(Inputs blocks, Outputs whole, void *workspace) const {
  state->run(
      blocks, whole, workspace,
      [this](const std::byte *from, std::byte *to, const Message &, const BlockType &block) {
        checkMpi(MPI_Allgather(from, block.count, block.type, to, block.count, block.type,
                               state->communicator));
      });
}

ReduceScatter::ReduceScatter(const Group &group, const ReduceScatterPlan &plan,
                             int64_t maxCount)
    : Collective(std::make_unique<State>(group, Exchange(plan), maxCount)) {}

void ReduceScatter::operator()(Inputs partialSums, Outputs blocks, void *workspace) const {
  const MPI_Datatype type = summable(state->exchange.type);
  const size_t width = bytesOf(state->exchange.type);
  state->run(
      partialSums, blocks, workspace,
      [&](const std::byte *from, std::byte *to, const Message &message, const BlockType &) {
        const size_t elements = message.blockBytes / width;
        if (elements <= static_cast<size_t>(state->maxCount)) {
          checkMpi(MPI_Reduce_scatter_block(from, to, static_cast<int>(elements), type, MPI_SUM,
                                            state->communicator));
          return;
        }
        // Sums need MPI's own types, so a larger block goes piece by piece, to
        // one rank after the other.
        for (int root = 0; root < state->exchange.ranks; ++root) {
          const std::byte *block = from + root * message.blockBytes;
          state->inPieces(elements, [&](int64_t done, int count) {
            checkMpi(MPI_Reduce(block + done * width, to + done * width, count, type, MPI_SUM,
                                root, state->communicator));
          });
        }
      });
}

AllToAll::AllToAll(const Group &group, const AllToAllPlan &plan, int64_t maxCount)
    : Collective(std::make_unique<State>(group, Exchange(plan), maxCount)) {}

void AllToAll::operator()(Inputs from, Outputs to, void *workspace) const {
  state->run(from, to, workspace,
             [this](const std::byte *send, std::byte *receive, const Message &,
                    const BlockType &block) {
               checkMpi(MPI_Alltoall(send, block.count, block.type, receive, block.count,
                                     block.type, state->communicator));
             });
}
