// See Planning.h.
#include "autopar/cuda/Planning.h"

#include "autopar/core/Nesting.h"
#include "autopar/cuda/cudnn/Descriptor.h"

#include <nlohmann/json.hpp>

#include <mutex>
#include <optional>
#include <stdexcept>

using namespace autopar::cuda;

DeviceProperties DeviceProperties::parse(std::string_view json) {
  const auto object =
      nlohmann::json::parse(nestsWithin(json) ? json : "", nullptr, /*allow_exceptions=*/false);
  if (!object.is_object() || !object.contains("deviceName") ||
      !object["deviceName"].is_string() || !object.contains("deviceVer") ||
      !object["deviceVer"].is_number_integer())
    throw std::invalid_argument("a GPU's properties are a JSON object with a deviceName and a "
                                "deviceVer, as cuDNN writes it, not " +
                                std::string(json.substr(0, 60)));
  return {object["deviceName"], std::string(json), object["deviceVer"].get<int>() / 10};
}

DeviceProperties DeviceProperties::ofDevice(int index) {
  cudnn::Descriptor properties(CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR);
  const int32_t device = index;
  check(cudnnBackendSetAttribute(properties.get(), CUDNN_ATTR_DEVICEPROP_DEVICE_ID,
                                 CUDNN_TYPE_INT32, 1, &device));
  properties.finalize();
  return parse(properties.text(CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION));
}

namespace {

/// Calls may be constructed while another thread plans.
std::mutex guard;
std::optional<DeviceProperties> current;
cudnnContext *currentHandle = nullptr;

} // namespace

void autopar::cuda::planFor(DeviceProperties device, cudnnContext *handle) {
  const std::lock_guard lock(guard);
  current = std::move(device);
  currentHandle = handle;
}

DeviceProperties autopar::cuda::plannedDevice() {
  const std::lock_guard lock(guard);
  if (!current)
    throw std::logic_error("no device to plan for was named; see cuda::planFor");
  return *current;
}

cudnnContext *autopar::cuda::plannedHandle() {
  const std::lock_guard lock(guard);
  return currentHandle;
}
