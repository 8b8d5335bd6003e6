// See Target.h.
#include "autopar/cuda/Target.h"

#include "autopar/cuda/Choices.h"
#include "autopar/cuda/Device.h"
#include "autopar/cuda/mpi/Mpi.h"

#include <charconv>
#include <stdexcept>
#include <string>
#include <utility>

using namespace autopar;
using namespace autopar::cuda;

std::byte *Equipment::allocate(size_t bytes) {
  std::byte *const base = network.allocate(bytes);
  if (!base)
    return DeviceMemory::allocate(bytes);
  clear(base, bytes);
  return base;
}

void Equipment::release(std::byte *base, size_t bytes) noexcept {
  if (!network.release(base))
    DeviceMemory::release(base, bytes);
}

static Transport transportOf(const TargetOptions &options) {
  const auto given = options.find("--comm");
  if (given == options.end() || given->second == "nccl")
    return Transport::Nccl;
  if (given->second == "mpi")
    return Transport::Mpi;
  throw std::invalid_argument("--comm takes one of nccl, mpi, not " + given->second);
}

static double patienceOf(const TargetOptions &options) {
  const auto given = options.find("--patience");
  if (given == options.end())
    return 300;
  double seconds = 0;
  const char *const end = given->second.data() + given->second.size();
  const auto [rest, error] = std::from_chars(given->second.data(), end, seconds);
  if (error != std::errc() || rest != end || !(seconds > 0))
    throw std::invalid_argument("--patience takes a positive number of seconds, not " +
                                given->second);
  return seconds;
}

static std::unique_ptr<Memory> makeMemory(Rank &rank, const TargetOptions &options) {
  const Transport transport = transportOf(options);
  const double patience = patienceOf(options);
  if (transport == Transport::Mpi)
    requireMpi(rank.peers());
  const DeviceId mine = idOf(chooseDevice(rank.localIndex()));
  std::unique_ptr<DriverAccount> driver = DriverAccount::open(mine); // before the context
  selectDevice(rank.localIndex());
  const std::vector<DeviceId> devices = rank.peers().allGather(mine);
  if (transport == Transport::Nccl)
    requireOwnDevices(devices);
  Peers &peers = rank.peers();
  GatherTexts gather;
  if (peers.ranks() > 1)
    gather = [&peers](const std::string &mine) { return peers.allGatherTexts(mine); };
  chooseAmong(peers.index(), std::move(gather));
  auto equipment = std::make_unique<Equipment>(rank, transport, patience,
                                               /*graphs=*/!options.contains("--no-graph"),
                                               std::move(driver));
  if (const auto file = options.find("--autotune");
      file != options.end() && rank.index() == 0) {
    equipment->autotune = std::make_unique<Autotune>(file->second);
    chooseBy(equipment->autotune.get());
  }
  return equipment;
}

const Target &autopar::cuda::target() {
  static constexpr TargetOption options[] = {
      {"--comm", "KIND",
       "nccl (from GPU to GPU), or mpi (through the host: slow, and ranks may\nshare a GPU)"},
      {"--patience", "SECONDS", "how long to wait for the device, and so for peers (300)",
       /*differs=*/true},
      {"--no-graph", "", "run each step call by call, for profilers: NVTX ranges are its layers"},
      {"--autotune", "FILE",
       "time several of cuDNN's engines where a call first runs, and keep the\nfastest in FILE; "
       "what is there already is taken and not timed",
       /*differs=*/true, /*isOutput=*/true}};
  static constexpr Target target{
      .join = join, .options = options, .makeMemory = makeMemory};
  return target;
}
