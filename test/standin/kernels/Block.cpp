// See Block.h.
#include "standin/kernels/Block.h"

#include "standin/Report.h"
#include "standin/checks/Checks.h"
#include "standin/checks/KernelMemory.h"
#include "standin/device/Random.h"
#include "standin/kernels/DeviceCode.h"
#include "standin/kernels/Fiber.h"
#include "standin/kernels/KernelName.h"

#include <algorithm>
#include <bit>
#include <deque>
#include <memory>
#include <vector>

// In a place of their own, so that they are told from shared memory.
[[gnu::section("standin_own")]] uint3 threadIdx, blockIdx;
[[gnu::section("standin_own")]] dim3 blockDim, gridDim;

namespace standin {

namespace {

constexpr int warpLanes = 32;

struct Thread {
  enum class At { Start, Running, Ready, Barrier, Warp, End };
  At at = At::Start;
  Fiber *fiber = nullptr; ///< where it was left
  std::source_location where;
  bool predicate = false; ///< given to a barrier
  // Given to an exchange, and what came of it.
  Exchange kind = Exchange::Shuffle;
  unsigned mask = 0;
  uint64_t value = 0;
  int sourceLane = 0;
  uint64_t result = 0;
};

std::string text(const std::source_location &where) {
  return std::string(where.file_name()) + ":" + std::to_string(where.line());
}

std::string text(unsigned x, unsigned y, unsigned z) {
  return "(" + std::to_string(x) + ", " + std::to_string(y) + ", " + std::to_string(z) + ")";
}

class Block {
public:
  void run(const Kernel &kernel);

  bool barrier(bool predicate, const std::source_location &where);
  uint64_t exchange(Exchange kind, unsigned mask, uint64_t value, int sourceLane,
                    const std::source_location &where);

  int current = -1; ///< the running thread's number
  bool isBelowStack(const void *address) const;
  /// Device code of the current thread goes on.
  void goOn() const { watch(current, running->stack(), Fiber::stackBytes); }

private:
  static void fiberMain();
  void runThreads();

  /// Makes a thread that runs, or goes on, the current one.
  void enter(int thread);
  /// Leaves the current thread until it is ready again.
  void park(Thread::At at, const std::source_location &where);
  void makeReady(int thread);

  bool isBarrierComplete() const { return waiting > 0 && waiting + ended == count(); }
  void releaseBarrier();
  bool isExchangeComplete(int warp, unsigned mask) const;
  void completeExchange(int warp, unsigned mask);
  [[noreturn]] void reportDeadlock() const;
  std::string describe(int thread) const;
  int count() const { return static_cast<int>(threads.size()); }

  const Kernel *kernel = nullptr;
  std::vector<Thread> threads;
  int next = 0; ///< the first that has not begun, in the block's order
  bool backwards = false;
  int waiting = 0; ///< at the barrier
  int ended = 0;
  bool any = false; ///< what the last barrier came to
  std::deque<int> ready;
  std::vector<int> inExchange; ///< lanes of each warp that wait
  std::vector<std::unique_ptr<Fiber>> fibers;
  std::vector<Fiber *> idle;
  Fiber *running = nullptr;
};

Block block;
const void *runningKernel = nullptr;

/// Of each thread of a block.
std::vector<uint3> indices;

void Block::enter(int thread) {
  current = thread;
  threadIdx = indices[thread];
  threads[thread].at = Thread::At::Running;
}

void Block::fiberMain() {
  for (;;) {
    block.runThreads();
    block.idle.push_back(block.running);
    block.running->leave();
  }
}

/// One thread after the other. Where one is left in the middle, and the fiber with it, another
/// fiber takes the next.
void Block::runThreads() {
  while (next < count()) {
    const int thread = backwards ? count() - 1 - next : next;
    ++next;
    enter(thread);
    goOn();
    kernel->runThread(kernel->function, kernel->arguments);
    unwatch();
    threads[thread].at = Thread::At::End;
    ++ended;
  }
}

void Block::run(const Kernel &toRun) {
  kernel = &toRun;
  threads.assign(size_t(blockDim.x) * blockDim.y * blockDim.z, Thread());
  inExchange.assign((count() + warpLanes - 1) / warpLanes, 0);
  next = waiting = ended = 0;
  beginBlock(count());
  backwards = random().below(2); // No kernel may depend on which thread comes first.
  while (ended < count()) {
    if (!ready.empty()) {
      const int thread = ready.front();
      ready.pop_front();
      enter(thread);
      running = threads[thread].fiber;
    } else if (next < count()) {
      if (idle.empty())
        idle.push_back(fibers.emplace_back(new Fiber(fiberMain)).get());
      running = idle.back();
      idle.pop_back();
    } else if (isBarrierComplete()) { // Threads that have ended are waited for no longer.
      releaseBarrier();
      continue;
    } else {
      reportDeadlock();
    }
    running->resume();
    current = -1;
  }
}

/// The last to come goes on at once, the others behind it.
void Block::makeReady(int thread) {
  if (thread == current) {
    threads[thread].at = Thread::At::Running;
    return;
  }
  threads[thread].at = Thread::At::Ready;
  ready.push_back(thread);
}

void Block::park(Thread::At at, const std::source_location &where) {
  Thread &thread = threads[current];
  thread.at = at;
  thread.where = where;
  thread.fiber = running;
  running->leave();
}

bool Block::barrier(bool predicate, const std::source_location &where) {
  Thread &thread = threads[current];
  thread.predicate = predicate;
  ++waiting;
  if (isBarrierComplete()) {
    thread.where = where;
    thread.at = Thread::At::Barrier;
    releaseBarrier();
    return any;
  }
  park(Thread::At::Barrier, where);
  return any;
}

void Block::releaseBarrier() {
  any = false;
  const Thread *first = nullptr;
  for (int t = 0; t < count(); ++t) {
    const Thread &thread = threads[t];
    if (thread.at != Thread::At::Barrier)
      continue;
    if (!first)
      first = &thread;
    else if (thread.where.line() != first->where.line() ||
             std::string_view(thread.where.file_name()) != first->where.file_name())
      report("barriers diverge: " + describe(t) + ", " +
             describe(static_cast<int>(first - threads.data())));
    any |= thread.predicate;
  }
  waiting = 0;
  orderBlock();
  for (int t = 0; t < count(); ++t)
    if (threads[t].at == Thread::At::Barrier)
      makeReady(t);
}

uint64_t Block::exchange(Exchange kind, unsigned mask, uint64_t value, int sourceLane,
                         const std::source_location &where) {
  Thread &thread = threads[current];
  const int warp = current / warpLanes, lane = current % warpLanes;
  if (!(mask >> lane & 1))
    report("lane " + std::to_string(lane) + " is not in the mask it gives at " + text(where));
  if (kind == Exchange::Shuffle && !(mask >> sourceLane & 1))
    report("lane " + std::to_string(lane) + " asks lane " + std::to_string(sourceLane) +
           ", which is not in the mask, at " + text(where));
  thread.kind = kind;
  thread.mask = mask;
  thread.value = value;
  thread.sourceLane = sourceLane;
  thread.where = where;
  thread.at = Thread::At::Warp;
  ++inExchange[warp];
  if (isExchangeComplete(warp, mask)) {
    completeExchange(warp, mask);
  } else {
    park(Thread::At::Warp, where);
  }
  return thread.result;
}

bool Block::isExchangeComplete(int warp, unsigned mask) const {
  if (inExchange[warp] < std::popcount(mask))
    return false;
  for (int lane = 0; lane < warpLanes; ++lane) {
    if (!(mask >> lane & 1))
      continue;
    const int t = warp * warpLanes + lane;
    if (t >= count() || threads[t].at != Thread::At::Warp)
      return false;
  }
  return true;
}

void Block::completeExchange(int warp, unsigned mask) {
  const Thread &asker = threads[current];
  Thread *const lanes = &threads[warp * warpLanes];
  uint64_t bits = 0;
  for (int lane = 0; lane < warpLanes; ++lane)
    if (mask >> lane & 1) {
      const Thread &other = lanes[lane];
      if (other.mask != mask || other.kind != asker.kind ||
          other.where.line() != asker.where.line())
        report("lanes of a warp diverge: " + describe(current) + ", " +
               describe(warp * warpLanes + lane));
      bits |= uint64_t(other.value != 0) << lane;
    }
  if (asker.kind == Exchange::Order)
    orderLanes(warp, mask);
  for (int lane = 0; lane < warpLanes; ++lane)
    if (mask >> lane & 1) {
      lanes[lane].result =
          asker.kind == Exchange::Ballot ? bits : lanes[lanes[lane].sourceLane].value;
    }
  for (int lane = 0; lane < warpLanes; ++lane)
    if (mask >> lane & 1)
      makeReady(warp * warpLanes + lane);
  inExchange[warp] -= std::popcount(mask);
}

std::string Block::describe(int t) const {
  const Thread &thread = threads[t];
  const uint3 index = indices[t];
  const std::string name = "thread " + text(index.x, index.y, index.z);
  switch (thread.at) {
  case Thread::At::Barrier:
    return name + " waits at the barrier " + text(thread.where);
  case Thread::At::Warp:
    return name + " waits in its warp at " + text(thread.where);
  case Thread::At::End:
    return name + " has ended";
  default:
    return name + " runs";
  }
}

void Block::reportDeadlock() const {
  std::string what = "threads of a block wait for each other for ever:";
  Thread::At told = Thread::At::Start;
  for (int t = 0; t < count(); ++t)
    if (threads[t].at != told) { // One of each kind that stand side by side.
      told = threads[t].at;
      what += "\n  " + describe(t);
    }
  report(what);
}

bool Block::isBelowStack(const void *address) const {
  return std::ranges::any_of(fibers,
                             [=](const auto &fiber) { return fiber->isBelowStack(address); });
}

} // namespace

void runGrid(const Kernel &kernel, dim3 grid, dim3 blockSize) {
  runningKernel = kernel.function;
  if (checks().any())
    beginKernel(kernel.arguments, kernel.argumentBytes);
  gridDim = grid;
  blockDim = blockSize;
  indices.clear();
  for (unsigned z = 0; z < blockSize.z; ++z)
    for (unsigned y = 0; y < blockSize.y; ++y)
      for (unsigned x = 0; x < blockSize.x; ++x)
        indices.push_back({x, y, z});
  for (unsigned z = 0; z < grid.z; ++z)
    for (unsigned y = 0; y < grid.y; ++y)
      for (unsigned x = 0; x < grid.x; ++x) {
        blockIdx = {x, y, z};
        block.run(kernel);
      }
  runningKernel = nullptr;
}

std::string runningPlace() {
  if (!runningKernel)
    return "";
  std::string place = "\n  in kernel " + nameOfFunction(runningKernel) + ", block " +
                      text(blockIdx.x, blockIdx.y, blockIdx.z);
  if (block.current >= 0) {
    const uint3 index = indices[block.current];
    place += ", thread " + text(index.x, index.y, index.z);
  }
  return place;
}

bool isBelowStackOfThread(const void *address) { return block.isBelowStack(address); }

bool barrier(bool predicate, const std::source_location &where) {
  unwatch();
  const bool any = block.barrier(predicate, where);
  block.goOn();
  return any;
}

uint64_t exchange(Exchange kind, unsigned mask, uint64_t value, int sourceLane,
                  const std::source_location &where) {
  unwatch();
  const uint64_t result = block.exchange(kind, mask, value, sourceLane, where);
  block.goOn();
  return result;
}

int laneOfThread() { return block.current % warpLanes; }

} // namespace standin
