// The device that is stood in for: an H100, as its data sheet and the CUDA programming guide
// have it, or the one of its kind that STANDIN_DEVICE in the environment names.
#ifndef AUTOPAR_TEST_STANDIN_DEVICE_PROPERTIES_H
#define AUTOPAR_TEST_STANDIN_DEVICE_PROPERTIES_H

#include <driver_types.h>

#include <string>

namespace standin {

/// As many ranks of a host may have a device of their own.
inline constexpr int deviceCount = 8;

/// Of the current device.
const cudaDeviceProp &properties();

/// Those of a device, 0 to deviceCount - 1: they differ by their UUID.
cudaDeviceProp propertiesOf(int device);

/// The same as cuDNN describes a device.
std::string cudnnDescription();

int currentDevice();
void selectDevice(int device);

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_DEVICE_PROPERTIES_H
