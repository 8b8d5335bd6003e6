// See StreamRaces.h. After FastTrack (Flanagan and Freund 2009), over ranges of bytes: of each
// the last write is kept, and those reads since then that do not come before another one.
#include "standin/checks/StreamRaces.h"

#include "standin/Report.h"
#include "standin/device/Memory.h"
#include "standin/kernels/KernelName.h"

#include <map>
#include <vector>

using namespace standin;

namespace {

using DoingPtr = std::shared_ptr<const Doing>;

struct Range {
  const char *end;
  DoingPtr write;
  std::vector<DoingPtr> reads;
};

using Ranges = std::map<const char *, Range>;

/// By where they begin; they do not overlap.
Ranges &ranges() {
  static Ranges &ofProcess = *new Ranges; // Memory is freed when the process ends, too.
  return ofProcess;
}

std::string describe(const Doing &doing) {
  return (doing.kernel ? "kernel " + nameOfFunction(doing.kernel) : doing.name) + " " +
         doing.place;
}

bool isKnown(const Clock &known, const Doing &past) {
  return known.of(past.line) >= past.count;
}

[[noreturn]] void reportRace(const Doing &doing, Use use, const Doing &past, Use pastUse,
                             const char *begin, const char *end) {
  const auto verb = [](Use use) { return use == Use::Read ? " reads " : " writes "; };
  report("a race: " + describe(doing) + verb(use) + std::to_string(end - begin) +
         " bytes from " + standin::describe(begin) + " on, which " + describe(past) +
         (pastUse == Use::Read ? " reads" : " writes") +
         "; no event, stream or wait of the host orders the two");
}

/// Has a range begin here where one goes across.
Ranges::iterator splitAt(const char *at) {
  const auto next = ranges().lower_bound(at);
  if (next == ranges().begin())
    return next;
  Range &before = std::prev(next)->second;
  if (before.end <= at)
    return next;
  Range behind = before;
  before.end = at;
  return ranges().emplace_hint(next, at, std::move(behind));
}

} // namespace

void standin::useInOrder(const DoingPtr &doing, const Clock &known, Use use, const char *begin,
                         const char *end) {
  auto at = splitAt(begin);
  splitAt(end);
  at = ranges().lower_bound(begin);
  const char *reached = begin; // All before has been seen.
  while (reached < end) {
    if (at == ranges().end() || at->first > reached) { // Nobody has used these.
      const char *const next = at == ranges().end() ? end : std::min(end, at->first);
      Range fresh{next, nullptr, {}};
      (use == Use::Write ? fresh.write = doing : fresh.reads.emplace_back(doing));
      ranges().emplace_hint(at, reached, std::move(fresh));
      reached = next;
      continue;
    }
    Range &range = at->second;
    if (range.write && range.write != doing && !isKnown(known, *range.write))
      reportRace(*doing, use, *range.write, Use::Write, at->first, range.end);
    if (use == Use::Write) {
      for (const DoingPtr &read : range.reads)
        if (read != doing && !isKnown(known, *read))
          reportRace(*doing, use, *read, Use::Read, at->first, range.end);
      range.write = doing;
      range.reads.clear();
    } else {
      std::erase_if(range.reads, [&](const DoingPtr &read) {
        return read == doing || isKnown(known, *read);
      });
      range.reads.push_back(doing);
    }
    reached = range.end;
    ++at;
  }
  if (use == Use::Read)
    return;
  // A write makes one range of all that it covers.
  auto first = ranges().lower_bound(begin);
  first->second.end = end;
  ranges().erase(std::next(first), ranges().lower_bound(end));
}

void standin::forgetUses(const char *begin, const char *end) {
  splitAt(begin);
  splitAt(end);
  ranges().erase(ranges().lower_bound(begin), ranges().lower_bound(end));
}
