// Which checks a run has beside those that every run has. They see each load and store of the
// kernels (Instrumentation.cpp), which takes its time.
#ifndef AUTOPAR_TEST_STANDIN_CHECKS_CHECKS_H
#define AUTOPAR_TEST_STANDIN_CHECKS_CHECKS_H

#include <cstddef>
#include <string>

namespace standin {

struct Checks {
  /// Work of streams that nothing orders, and threads of a kernel that no barrier does, on the
  /// same bytes.
  bool races = false;
  /// Memory that is read and that nobody has written, and the host's pageable memory, in
  /// kernels.
  bool memory = false;

  bool any() const { return races || memory; }
};

/// "races", "strict", which is all, or "", which is none.
Checks checksOfName(const std::string &name);

/// By STANDIN_CHECKS of the environment.
const Checks &checks();

/// In place of the environment's; for memory that is given out from here on.
void choose(Checks checks);

/// Memory that is given out, and given back.
void beginMemory(const char *begin, size_t bytes, bool isDevice);
void endMemory(const char *begin, size_t bytes);

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_CHECKS_CHECKS_H
