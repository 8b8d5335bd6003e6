// A device's memory as a test has it: pages that nobody may touch but write, read, and what runs while it is open, as a device's own step would. Core code that takes an arena's
// pointer for the host's faults.

#ifndef AUTOPAR_TEST_FARMEMORY_H
#define AUTOPAR_TEST_FARMEMORY_H

#include "autopar/core/HostMemory.h"

#include <sys/mman.h>

#include <cstring>

class FarMemory final : public autopar::Memory {
public:
  bool isHost() const override { return false; }

  std::byte *allocate(size_t bytes) override {
    base = host.allocate(bytes);
    length = host.footprint(bytes);
    close();
    return base;
  }
  void release(std::byte *from, size_t bytes) noexcept override { host.release(from, bytes); }

  void write(void *to, const void *hostFrom, size_t bytes) override {
    open();
    std::memcpy(to, hostFrom, bytes);
    close();
  }
  void read(void *hostTo, const void *from, size_t bytes) override {
    open();
    std::memcpy(hostTo, from, bytes);
    close();
  }

  autopar::Timeline &timeline() override { return host.timeline(); }

  size_t footprint(size_t bytes) const override { return host.footprint(bytes); }
  size_t processPeakBytes() const override { return host.processPeakBytes(); }
  std::string_view account() const override { return host.account(); }

  void open() { mprotect(base, length, PROT_READ | PROT_WRITE); }
  void close() { mprotect(base, length, PROT_NONE); }

private:
  autopar::HostMemory host;
  std::byte *base = nullptr;
  size_t length = 0;
};

#endif // AUTOPAR_TEST_FARMEMORY_H
