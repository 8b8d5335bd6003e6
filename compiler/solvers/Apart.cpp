#include "compiler/solvers/Apart.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <mutex>
#include <optional>

namespace autopar {

namespace {

/// Closes a descriptor that is left.
class Descriptor {
public:
  explicit Descriptor(int number = -1) : number(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;

  void close() {
    if (number >= 0)
      ::close(number);
    number = -1;
  }
  operator int() const { return number; }

private:
  int number;
};

/// False where the other end is gone.
bool writeAll(int to, const void *data, size_t bytes) {
  for (const char *at = static_cast<const char *>(data); bytes;) {
    const ssize_t done = write(to, at, bytes);
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0)
      return false;
    at += done;
    bytes -= static_cast<size_t>(done);
  }
  return true;
}

double seconds(const timespec &time) {
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double seconds(const timeval &time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

double processorSeconds(pid_t process) {
  clockid_t clock;
  timespec time = {};
  if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0)
    return 0;
  return seconds(time);
}

constexpr std::array fatal = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL,
                              SIGINT,  SIGTERM, SIGHUP, SIGQUIT};

/// The child's part; what it prints on standard error goes to `complaints`.
[[noreturn]] void beChild(const Apart &apart, pid_t parent, int messages,
                          int complaints) noexcept {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(1);
  // The parent's handlers would print its stack, and remove the files that it is writing.
  for (int number : fatal)
    signal(number, SIG_DFL);
  const rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  if (complaints >= 0)
    dup2(complaints, STDERR_FILENO);
  apart.work([messages](const Message &message) {
    const size_t size = message.bytes().size();
    if (!writeAll(messages, &size, sizeof size) ||
        !writeAll(messages, message.bytes().data(), size))
      _exit(1);
  });
  std::fflush(stdout); // a solver's log
  _exit(0);
}

/// The last line of a file in memory.
std::string lastLine(int file) {
  std::array<char, 4096> text;
  const off_t size = lseek(file, 0, SEEK_END);
  const off_t from = std::max<off_t>(0, size - static_cast<off_t>(text.size()));
  const ssize_t got = size > 0 ? pread(file, text.data(), text.size(), from) : 0;
  std::string said(text.data(), got > 0 ? static_cast<size_t>(got) : 0);
  said.erase(said.find_last_not_of('\n') + 1);
  return said.substr(said.rfind('\n') + 1);
}

/// What has come through the pipe and is not yet a whole message.
class Inbox {
public:
  void add(const char *data, size_t bytes) { text.append(data, bytes); }

  std::optional<Message> next() {
    size_t size;
    if (text.size() < sizeof size)
      return std::nullopt;
    std::memcpy(&size, text.data(), sizeof size);
    if (text.size() - sizeof size < size)
      return std::nullopt;
    Message message(text.substr(sizeof size, size));
    text.erase(0, sizeof size + size);
    return message;
  }

private:
  std::string text;
};

} // namespace

Apart::End Apart::run() const {
  End end;
  // Else the child of another thread might have this one's pipe too, and keep it open.
  static std::mutex starting;
  std::unique_lock lock(starting);
  int ways[2];
  if (pipe2(ways, O_CLOEXEC) != 0) {
    end.fault = std::string("cannot make a pipe: ") + std::strerror(errno);
    return end;
  }
  const Descriptor reading(ways[0]);
  Descriptor writing(ways[1]);
  const Descriptor complaints(memfd_create("complaints", MFD_CLOEXEC));
  std::fflush(nullptr); // or the child would say it again
  const pid_t parent = getpid(), child = fork();
  if (child == 0)
    beChild(*this, parent, writing, complaints);
  if (child < 0) {
    end.fault = std::string("cannot start a process: ") + std::strerror(errno);
    return end;
  }
  writing.close();
  lock.unlock();

  constexpr int patience = 20; // ms
  Inbox inbox;
  bool stopped = false;
  for (std::array<char, 65536> text;;) {
    pollfd ready = {.fd = reading, .events = POLLIN, .revents = 0};
    const int events = poll(&ready, 1, patience);
    if (events > 0) {
      const ssize_t got = read(reading, text.data(), text.size());
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        break;
      inbox.add(text.data(), static_cast<size_t>(got));
      while (std::optional<Message> message = inbox.next())
        hear(*message);
    }
    if (!stopped && !mayGoOn(processorSeconds(child))) {
      kill(child, SIGKILL);
      stopped = true;
    }
  }

  int status = 0;
  rusage used = {};
  while (wait4(child, &status, 0, &used) < 0 && errno == EINTR)
    ;
  end.seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    end.kind = End::Finished;
  } else if (stopped) {
    end.kind = End::Stopped;
  } else {
    end.fault = complaints >= 0 ? lastLine(complaints) : "";
    if (end.fault.empty())
      end.fault = WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "it gave up";
  }
  return end;
}

} // namespace autopar
