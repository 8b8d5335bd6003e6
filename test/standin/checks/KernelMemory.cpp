// See KernelMemory.h. Each byte that a kernel touches has a cell: who has written it last, and
// who has read it since. Cells are kept for pages, and for several bytes at once while all
// accesses to a page are as wide.
#include "standin/checks/KernelMemory.h"

#include "standin/Report.h"
#include "standin/checks/Checks.h"
#include "standin/checks/Stamp.h"
#include "standin/checks/Written.h"
#include "standin/device/Memory.h"
#include "standin/kernels/DeviceCode.h"
#include "standin/kernels/KernelName.h"

#include <pthread.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

// The program's own variables lie from here to there: what kernels have of them is shared
// memory, and what they read of the stand-in's own.
extern "C" char __data_start, _end, __executable_start;
extern "C" char __start_standin_own, __stop_standin_own;

[[gnu::section("standin_own")]] bool standin::isWatching = false;

namespace standin {

namespace {

constexpr size_t pageBytes = 4096;

struct Cell {
  Stamp writer, reader;
};

/// Cells of 4, 2 or 1 bytes each.
struct Page {
  int shift = 2;
  std::unique_ptr<Cell[]> cells;
};

enum class Kind { Device, Pinned, Shared };

struct Region {
  Kind kind;
  const char *begin;
  size_t bytes;
  Written *written; ///< null where that is not looked at
  const char *firstPage;
  std::vector<Page> pages;

  Region(Kind kind, const char *begin, size_t bytes)
      : kind(kind), begin(begin), bytes(bytes),
        written(kind == Kind::Device ? writtenOf(begin) : nullptr),
        firstPage(begin - reinterpret_cast<uintptr_t>(begin) % pageBytes),
        pages((begin + bytes - firstPage + pageBytes - 1) / pageBytes) {}

  bool holds(const char *address, size_t count) const {
    return address >= begin && address + count <= begin + bytes;
  }
};

/// Where a thread of the block has met lanes of its warp.
struct Lane {
  uint16_t clock = 0;
  std::array<uint16_t, 32> known = {}; ///< what came before these clocks is ordered
};

/// Of the kernel that runs, and of memory that it may touch.
class KernelMemory {
public:
  void touch(const char *address, size_t bytes, Use use, bool isAtomic);

  std::map<const char *, Region> regions; ///< by where they begin
  Region shared{Kind::Shared, &__data_start, static_cast<size_t>(&_end - &__data_start)};
  std::array<Region *, 4> recent = {};
  std::vector<std::pair<Region *, size_t>> touched;          ///< pages
  std::array<std::vector<std::unique_ptr<Cell[]>>, 3> spare; ///< by shift, all empty

  const char *arguments = nullptr, *argumentsEnd = nullptr;
  const char *stack = nullptr;
  size_t stackBytes = 0;
  pthread_t thread = {}; ///< of the host, that runs it
  Stamp now;
  std::vector<Lane> lanes;
  bool lanesHaveMet = false;

  void setStamp(int thread);

private:
  Region *find(const char *address, size_t bytes);
  void use(Region &region, const char *address, size_t bytes, Use use, bool isAtomic);
  Page &pageOf(Region &region, size_t number, int shift);
  std::unique_ptr<Cell[]> take(int shift);
  bool isOrdered(const Stamp &before) const;
  [[noreturn]] void reportRace(const Region &region, const char *address, Use use,
                               const Stamp &before, Use useBefore);
};

KernelMemory &memory() {
  static KernelMemory &ofProcess = *new KernelMemory;
  return ofProcess;
}

std::string nameOfThread(unsigned number) {
  return "thread (" + std::to_string(number % blockDim.x) + ", " +
         std::to_string(number / blockDim.x % blockDim.y) + ", " +
         std::to_string(number / blockDim.x / blockDim.y) + ")";
}

std::string nameOf(const Stamp &stamp, const Stamp &now) {
  if (stamp.block == Stamp::several)
    return "threads of several blocks";
  if (stamp.block != now.block)
    return "a thread of another block";
  return stamp.thread == Stamp::ofBlock ? "threads of several warps"
         : stamp.thread >= Stamp::ofWarp
             ? "several lanes of warp " + std::to_string(stamp.warp())
             : nameOfThread(stamp.thread);
}

bool KernelMemory::isOrdered(const Stamp &before) const {
  if (before.block != now.block)
    return false;
  if (before.thread == now.thread || before.epoch != now.epoch)
    return true;
  if (!lanesHaveMet || before.thread == Stamp::ofBlock || before.warp() != now.warp())
    return false;
  const Lane &own = lanes[now.thread];
  if (before.thread < Stamp::ofWarp)
    return before.clock < own.known[before.thread % 32];
  return std::ranges::all_of(own.known, [&](uint16_t known) { return before.clock < known; });
}

void KernelMemory::reportRace(const Region &region, const char *address, Use use,
                              const Stamp &before, Use useBefore) {
  const bool isShared = region.kind == Kind::Shared;
  report("a race of threads: " + nameOfThread(now.thread) +
         (use == Use::Read ? " reads " : " writes ") +
         (isShared ? "shared memory, " + nameOfObject(address) : describe(address)) +
         ", which " + nameOf(before, now) + (useBefore == Use::Read ? " reads" : " writes") +
         (before.block == now.block ? " between the same barriers" : ""));
}

std::unique_ptr<Cell[]> KernelMemory::take(int shift) {
  if (spare[shift].empty())
    return std::make_unique<Cell[]>(pageBytes >> shift);
  std::unique_ptr<Cell[]> cells = std::move(spare[shift].back());
  spare[shift].pop_back();
  return cells;
}

/// With cells of (1 << shift) bytes, or less.
Page &KernelMemory::pageOf(Region &region, size_t number, int shift) {
  Page &page = region.pages[number];
  if (!page.cells) {
    page.shift = shift;
    page.cells = take(shift);
    touched.emplace_back(&region, number);
  } else if (page.shift > shift) {
    std::unique_ptr<Cell[]> cells = take(shift);
    for (size_t i = 0; i < pageBytes >> shift; ++i)
      cells[i] = page.cells[i >> (page.shift - shift)];
    std::fill_n(page.cells.get(), pageBytes >> page.shift, Cell());
    spare[page.shift].push_back(std::move(page.cells));
    page = {shift, std::move(cells)};
  }
  return page;
}

void KernelMemory::use(Region &region, const char *address, size_t bytes, Use use,
                       bool isAtomic) {
  const size_t offset = address - region.begin;
  if (region.written) {
    if (use == Use::Write)
      region.written->set(offset, bytes);
    else if (const size_t first = region.written->firstMissing(offset, bytes); first < bytes)
      report("a read of memory that nobody has written: " + describe(address + first));
  }
  if (!checks().races && region.kind != Kind::Shared)
    return;
  Stamp stamp = now;
  stamp.isAtomic = isAtomic;
  const uintptr_t bits = reinterpret_cast<uintptr_t>(address) | bytes;
  const int widest = bits % 4 == 0 ? 2 : bits % 2 == 0 ? 1 : 0;
  for (size_t at = address - region.firstPage, end = at + bytes; at < end;) {
    const Page &page = pageOf(region, at / pageBytes, widest);
    const size_t endHere = std::min(end, (at / pageBytes + 1) * pageBytes);
    for (; at < endHere; at += size_t(1) << page.shift) {
      Cell &cell = page.cells[at % pageBytes >> page.shift];
      if (region.kind == Kind::Shared && cell.writer.block != now.block) {
        // Nobody of this block's.
        if (use == Use::Read && checks().memory)
          report("a read of shared memory that no thread of the block has written, " +
                 nameOfObject(region.firstPage + at));
        cell.writer = Stamp();
      }
      if (region.kind == Kind::Shared && cell.reader.block != now.block)
        cell.reader = Stamp();
      if (checks().races && cell.writer && !cell.writer.isOf(now) &&
          !(isAtomic && cell.writer.isAtomic) && !isOrdered(cell.writer))
        reportRace(region, region.firstPage + at, use, cell.writer, Use::Write);
      if (use == Use::Read) {
        cell.reader = !cell.reader || cell.reader.isOf(now) || isOrdered(cell.reader)
                          ? stamp
                          : Stamp::both(cell.reader, stamp);
        continue;
      }
      if (checks().races && cell.reader && !cell.reader.isOf(now) &&
          !(isAtomic && cell.reader.isAtomic) && !isOrdered(cell.reader))
        reportRace(region, region.firstPage + at, use, cell.reader, Use::Read);
      cell.writer = stamp;
    }
  }
}

/// The allocation of this address, where there is one.
Region *KernelMemory::find(const char *address, size_t bytes) {
  for (Region *region : recent)
    if (region && region->holds(address, bytes))
      return region;
  const std::optional<Extent> extent = allocationOf(address);
  if (!extent)
    return nullptr;
  if (extent->isFreed || address < extent->begin ||
      address + bytes > extent->begin + extent->bytes)
    report("an access to " + describe(address));
  const Kind kind = extent->place == Place::Device ? Kind::Device : Kind::Pinned;
  Region &region =
      regions.try_emplace(extent->begin, kind, extent->begin, extent->bytes).first->second;
  std::shift_right(recent.begin(), recent.end(), 1);
  recent[0] = &region;
  return &region;
}

bool isMapped(const char *address) {
  unsigned char ignored = 0;
  return mincore(const_cast<char *>(address - reinterpret_cast<uintptr_t>(address) % pageBytes),
                 1, &ignored) == 0;
}

void KernelMemory::touch(const char *address, size_t bytes, Use use, bool isAtomic) {
  if (static_cast<size_t>(address - stack) < stackBytes)
    return;
  if (Region *const region = find(address, bytes))
    return this->use(*region, address, bytes, use, isAtomic);
  if (address >= &__start_standin_own && address < &__stop_standin_own)
    return;
  if (shared.holds(address, bytes))
    return this->use(shared, address, bytes, use, isAtomic);
  const bool isArgument = address >= arguments && address < argumentsEnd;
  const bool isConstant = address >= &__executable_start && address < &__data_start;
  if (isArgument || isConstant || !checks().memory || !isMapped(address))
    return; // What is nobody's is seen when it is touched.
  report(
      "an access to memory of the host that a device does not reach: the stack, the heap or a "
      "variable");
}

void KernelMemory::setStamp(int thread) {
  now.thread = thread;
  now.clock = lanesHaveMet ? lanes[thread].clock : 0;
}

} // namespace

void touch(const void *address, size_t bytes, Use use, bool isAtomic) {
  // The host's threads run functions that are compiled so, too, where a linker has the choice.
  if (pthread_self() != memory().thread)
    return;
  isWatching = false; // What the stand-in itself does is nobody's.
  memory().touch(static_cast<const char *>(address), bytes, use, isAtomic);
  isWatching = true;
}

void beginKernel(const void *arguments, size_t bytes) {
  if (!canWatch())
    report(
        "the checks want kernels that tell of their accesses, and these were compiled without "
        "-fsanitize=thread");
  KernelMemory &all = memory();
  all.arguments = static_cast<const char *>(arguments);
  all.argumentsEnd = all.arguments + bytes;
  all.thread = pthread_self();
  all.now = Stamp();
}

void beginBlock(int threads) {
  if (!checks().any())
    return;
  KernelMemory &all = memory();
  all.now.epoch = 0;
  all.now.block = all.now.block + 1 == Stamp::several ? 1 : all.now.block + 1;
  if (all.lanesHaveMet || all.lanes.size() != static_cast<size_t>(threads))
    all.lanes.assign(threads, Lane());
  all.lanesHaveMet = false;
}

void watch(int thread, const char *stack, size_t stackBytes) {
  if (!checks().any())
    return;
  KernelMemory &all = memory();
  all.setStamp(thread);
  all.stack = stack;
  all.stackBytes = stackBytes;
  isWatching = true;
}

void unwatch() { isWatching = false; }

void orderBlock() {
  if (checks().any())
    ++memory().now.epoch;
}

void orderLanes(int warp, unsigned mask) {
  if (!checks().any())
    return;
  KernelMemory &all = memory();
  all.lanesHaveMet = true;
  const auto forEachLane = [&](auto visit) {
    for (unsigned lane = 0; lane < 32; ++lane)
      if (mask >> lane & 1)
        visit(all.lanes[warp * 32 + lane], lane);
  };
  std::array<uint16_t, 32> known = {};
  forEachLane([&](Lane &lane, unsigned number) {
    for (unsigned other = 0; other < 32; ++other)
      known[other] = std::max(known[other], lane.known[other]);
    known[number] = ++lane.clock;
  });
  forEachLane([&](Lane &lane, unsigned) { lane.known = known; });
}

/// Visits the runs of bytes whose cells are used so.
static void visitRuns(Use use, const Region &region, const std::vector<size_t> &pages,
                      const VisitUse &visit) {
  const char *begin = nullptr, *end = nullptr;
  for (size_t number : pages) {
    const Page &page = region.pages[number];
    const char *at = region.firstPage + number * pageBytes;
    const size_t cellBytes = size_t(1) << page.shift;
    for (size_t i = 0; i < pageBytes >> page.shift; ++i, at += cellBytes) {
      const Cell &cell = page.cells[i];
      if (!(use == Use::Read ? cell.reader : cell.writer))
        continue;
      if (at != end) {
        if (begin)
          visit(use, begin, end);
        begin = at;
      }
      end = at + cellBytes;
    }
  }
  if (begin)
    visit(use, begin, end);
}

void endKernel(const VisitUse &visit) {
  KernelMemory &all = memory();
  std::map<Region *, std::vector<size_t>> pages;
  for (const auto &[region, number] : all.touched)
    pages[region].push_back(number);
  for (auto &[region, numbers] : pages) {
    std::ranges::sort(numbers);
    if (region->kind != Kind::Shared)
      for (Use use : {Use::Read, Use::Write})
        visitRuns(use, *region, numbers, visit);
    for (size_t number : numbers) {
      Page &page = region->pages[number];
      std::fill_n(page.cells.get(), pageBytes >> page.shift, Cell());
      all.spare[page.shift].push_back(std::move(page.cells));
      page = Page();
    }
  }
  all.touched.clear();
}

void forgetCells(const char *allocation) {
  if (!checks().any())
    return;
  memory().recent = {};
  memory().regions.erase(allocation);
}

} // namespace standin
