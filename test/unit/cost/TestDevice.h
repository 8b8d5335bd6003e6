// Devices for the resharding tests: figures of the size of a GPU's, so that neither latency nor
// bandwidth can be neglected.
#ifndef AUTOPAR_TEST_UNIT_COST_TESTDEVICE_H
#define AUTOPAR_TEST_UNIT_COST_TESTDEVICE_H

#include "compiler/device/DeviceModel.h"

namespace autopar {

/// All axes alike.
inline DeviceModel evenDevice() {
  DeviceModel device;
  device.name = "even";
  device.memory = {1e9, ""};
  device.peaks.fill({1e13, ""});
  device.efficiency = {0.7, ""};
  device.memoryBandwidth = {2e12, ""};
  device.launch = {1e-7, ""};
  device.links = AxisLinks(maxMeshAxes, Link{{1e-7, ""}, {1e11, ""}});
  return device;
}

/// The outer axis has a thousandth of the others' bandwidth.
inline DeviceModel slowOuterDevice() {
  DeviceModel device = evenDevice();
  std::get<AxisLinks>(device.links).front() = {{5e-6, ""}, {1e8, ""}};
  return device;
}

} // namespace autopar

#endif // AUTOPAR_TEST_UNIT_COST_TESTDEVICE_H
