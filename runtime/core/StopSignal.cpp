#include "autopar/core/StopSignal.h"

#include <csignal>

using namespace autopar;

namespace {

volatile std::sig_atomic_t received = 0;

/// Calls that wait, for a peer's message, go on waiting: SA_RESTART.
void keep(int signal) {
  if (received) { // obeyed, and at once
    std::signal(signal, SIG_DFL);
    std::raise(signal);
    return;
  }
  received = signal;
}

std::string nameOf(int signal) {
  return signal == SIGTERM ? "SIGTERM" : signal == SIGINT ? "SIGINT" : "SIGUSR1";
}

} // namespace

StopSignal::StopSignal(Peers &peers) : peers(peers), pace(/*secondsBetween=*/0.1) {
  struct sigaction action = {};
  action.sa_handler = keep;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (int signal : {SIGTERM, SIGINT, SIGUSR1})
    sigaction(signal, &action, nullptr);
}

std::string StopSignal::after(int64_t step) {
  if (peers.ranks() == 1)
    return received ? nameOf(received) : "";
  if (!pace.isDue(step))
    return "";
  struct Heard {
    int64_t next;
    int64_t signal;
  };
  const std::vector<Heard> all = peers.allGather(Heard{pace.proposal(step), received});
  pace.agree(all.front().next);
  for (const Heard &heard : all)
    if (heard.signal)
      return nameOf(static_cast<int>(heard.signal));
  return "";
}
