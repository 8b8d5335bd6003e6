// The device's memory, and the host's that the device can reach. Both are addresses of this
// process; what keeps the host off the device's is a protection key, which only whoever does
// the device's work takes off (DeviceAccess). Where the processor has no such keys the host may
// touch device memory unnoticed; all else is checked by inaccessible pages around each
// allocation. Addresses are never given out twice.
#ifndef AUTOPAR_TEST_STANDIN_DEVICE_MEMORY_H
#define AUTOPAR_TEST_STANDIN_DEVICE_MEMORY_H

#include <cstddef>
#include <optional>
#include <string>

namespace standin {

enum class Place {
  Device, ///< cudaMalloc
  Pinned, ///< cudaMallocHost, cudaHostAlloc
};

/// Memory filled with 0xff, which are NaNs: nobody may read what nobody has written. It ends,
/// to 256 bytes, where a page does, so that what goes beyond is caught. Null where the device's
/// is full.
void *allocate(Place place, size_t bytes);

/// Makes it inaccessible for good. Anything but an allocation's first byte is reported.
void release(Place place, void *memory);

struct DeviceBytes {
  size_t total, free;
};
DeviceBytes deviceBytes();

/// Reports unless all of [memory, memory + bytes) lies in one allocation of this place that has
/// not been freed. `what` names the call and the operand.
void require(Place place, const void *memory, size_t bytes, const std::string &what);

/// Whether it lies in an allocation of this place, freed ones too.
bool isIn(Place place, const void *memory);

struct Extent {
  Place place;
  const char *begin;
  size_t bytes;
  bool isFreed;
};
/// The allocation that an address lies in or right beside, where there is one.
std::optional<Extent> allocationOf(const void *address);

/// Opens device memory for the calling thread while it lives.
class DeviceAccess {
public:
  DeviceAccess();
  ~DeviceAccess();
  DeviceAccess(const DeviceAccess &) = delete;
  DeviceAccess &operator=(const DeviceAccess &) = delete;

private:
  int before = 0; ///< the key's rights
};

/// "byte 12 of an allocation of 8 bytes of device memory", what is known of an address; empty
/// where nothing is.
std::string describe(const void *address);

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_DEVICE_MEMORY_H
