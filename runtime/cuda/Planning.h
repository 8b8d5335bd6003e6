// The device that calls plan for. A call whose library chooses among implementations asks here
// which GPU will run it, so that the compiler plans workspaces for a GPU that it has not got.
#ifndef AUTOPAR_RUNTIME_CUDA_PLANNING_H
#define AUTOPAR_RUNTIME_CUDA_PLANNING_H

#include <string>
#include <string_view>

struct cudnnContext;

namespace autopar::cuda {

/// What is known of a GPU: cuDNN's own description, which names it in every detail that its
/// choices depend on.
struct DeviceProperties {
  std::string name; ///< "NVIDIA H100 80GB HBM3"
  std::string json; ///< for CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION
  int capability;   ///< 80 on an A100, 90 on an H100

  /// \throws std::invalid_argument when the text is no JSON object with a deviceName and a
  /// deviceVer.
  static DeviceProperties parse(std::string_view json);

  /// a100 and h100, from data sheets. \throws std::invalid_argument that lists the names.
  static DeviceProperties preset(std::string_view name);

  /// Of a GPU of this machine, as cuDNN reads them.
  static DeviceProperties ofDevice(int index);
};

/// Calls constructed from here on, in any thread, plan for this device. With cuDNN's handle of
/// the device they will also run there: cuDNN knows no executing of plans that were made from a
/// description.
void planFor(DeviceProperties device, cudnnContext *handle = nullptr);

/// \throws std::logic_error before the first planFor.
DeviceProperties plannedDevice();

/// Null where calls are only planned.
cudnnContext *plannedHandle();

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_PLANNING_H
