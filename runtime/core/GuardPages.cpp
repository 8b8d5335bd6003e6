#include "autopar/core/GuardPages.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <mutex>

using namespace autopar;

namespace {

/// A guarded mapping. A handler of signals reads them, so they lie in a table of fixed size; a
/// process has one arena, and tests a few.
struct Guarded {
  std::atomic<uintptr_t> base = 0; ///< 0: free
  std::atomic<size_t> bytes = 0;
};
std::array<Guarded, 16> table;

/// Who dealt with faults before: MPI prints a trace.
struct sigaction inherited;

/// A line that a handler of signals may write: no allocation, no stdio.
class Line {
public:
  Line &operator<<(const char *words) {
    append(words, std::strlen(words));
    return *this;
  }
  Line &operator<<(size_t number) {
    char digits[20];
    size_t first = sizeof digits;
    do
      digits[--first] = static_cast<char>('0' + number % 10);
    while (number /= 10);
    append(digits + first, sizeof digits - first);
    return *this;
  }
  void write() const { [[maybe_unused]] auto written = ::write(STDERR_FILENO, text, length); }

private:
  void append(const char *from, size_t count) {
    count = std::min(count, sizeof text - length);
    std::memcpy(text + length, from, count);
    length += count;
  }

  char text[200];
  size_t length = 0;
};

void onFault(int, siginfo_t *fault, void *) {
  const auto at = reinterpret_cast<uintptr_t>(fault->si_addr);
  for (const Guarded &guarded : table) {
    const uintptr_t base = guarded.base;
    const size_t bytes = guarded.bytes;
    if (!base || at < base - guardBytes || at >= base + bytes + guardBytes)
      continue;
    if (at >= base && at < base + bytes)
      continue;
    Line line;
    line << "error: the program has touched byte ";
    if (at < base)
      line << "-" << base - at;
    else
      line << at - base;
    line << " of an arena whose pages end at byte " << bytes << "; a call leaves its buffer\n";
    line.write();
    _exit(1);
  }
  // Not ours: the access happens again, and meets who was here before.
  sigaction(SIGSEGV, &inherited, nullptr);
}

} // namespace

void autopar::watchGuards(const std::byte *base, size_t bytes) {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction action = {};
    action.sa_sigaction = onFault;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &action, &inherited);
  });
  // Nobody knows the mapping yet, so nobody meets its guards before its size is noted.
  for (Guarded &guarded : table) {
    uintptr_t none = 0;
    if (guarded.base.compare_exchange_strong(none, reinterpret_cast<uintptr_t>(base))) {
      guarded.bytes = bytes;
      return;
    }
  }
}

void autopar::forgetGuards(const std::byte *base) noexcept {
  for (Guarded &guarded : table)
    if (guarded.base == reinterpret_cast<uintptr_t>(base))
      guarded.base = 0;
}
