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

  /// Null unless it was asked for.
  autopar::Feed *feed() override { return hasFeed ? &ofBatches : nullptr; }
  bool hasFeed = false;

  autopar::Timeline &timeline() override { return host.timeline(); }

  size_t footprint(size_t bytes) const override { return host.footprint(bytes); }
  size_t processPeakBytes() const override { return host.processPeakBytes(); }
  std::string_view account() const override { return host.account(); }

  void open() { mprotect(base, length, PROT_READ | PROT_WRITE); }
  void close() { mprotect(base, length, PROT_NONE); }

private:
  /// Does at once what it is told.
  class Feed final : public autopar::Feed {
  public:
    explicit Feed(FarMemory &memory) : memory(memory) {}
    void bring(void *beside, const void *hostFrom, size_t bytes) override {
      memory.write(beside, hostFrom, bytes);
    }
    void place(void *to, const void *beside, size_t bytes) override {
      memory.open();
      std::memcpy(to, beside, bytes);
      memory.close();
    }
    void placePixels(float *to, const uint8_t *pixels, int64_t count,
                     const autopar::PixelLevels &levels) override {
      memory.open();
      for (int64_t i = 0; i < count; ++i)
        to[i] = levels.ofChannel[i % autopar::PixelLevels::channels][pixels[i]];
      memory.close();
    }

  private:
    FarMemory &memory;
  } ofBatches{*this};

  autopar::HostMemory host;
  std::byte *base = nullptr;
  size_t length = 0;
};

#endif // AUTOPAR_TEST_FARMEMORY_H
