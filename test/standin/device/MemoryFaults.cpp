// See MemoryFaults.h.
#include "standin/device/MemoryFaults.h"

#include "standin/Report.h"
#include "standin/checks/KernelMemory.h"
#include "standin/device/Memory.h"
#include "standin/kernels/Block.h"

#include <csignal>
#include <cstdint>

namespace standin {

/// The process is about to end, so that calls which a handler may not make do no more harm.
static void onFault(int signal, siginfo_t *info, void *) {
  unwatch();
  const std::string place = runningPlace(), memory = describe(info->si_addr);
  if (!place.empty()) {
    if (isBelowStackOfThread(info->si_addr))
      report("a thread's stack is full");
    if (!info->si_addr)
      report("an access to address 0, or to one that no processor has");
    report("an access to " + (memory.empty() ? "memory that is nobody's" : memory));
  }
  if (!memory.empty())
    report("the host touches " + memory);
  std::signal(signal, SIG_DFL); // Happens again on return, and is nobody's concern here.
}

void watchForMemoryFaults() {
  // Threads of kernels have stacks of their own, which may be what is full.
  static char stack[size_t(64) << 10];
  const stack_t other = {.ss_sp = stack, .ss_flags = 0, .ss_size = sizeof stack};
  sigaltstack(&other, nullptr);
  struct sigaction action = {};
  action.sa_sigaction = onFault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigaction(SIGSEGV, &action, nullptr);
  sigaction(SIGBUS, &action, nullptr);
}

} // namespace standin
