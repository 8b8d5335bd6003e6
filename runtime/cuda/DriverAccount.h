// What a GPU's driver counts of the memory that a process has there: its context, the code of
// libraries, their buffers, the arena. The driver's management library (NVML) tells it before
// there is a context, which CUDA itself can not. It comes with the driver, so it is loaded here
// and not linked: a program builds and starts without.
#ifndef AUTOPAR_RUNTIME_CUDA_DRIVERACCOUNT_H
#define AUTOPAR_RUNTIME_CUDA_DRIVERACCOUNT_H

#include "autopar/cuda/Device.h"

#include <cstddef>
#include <memory>
#include <string_view>

namespace autopar::cuda {

class DriverAccount {
public:
  /// Of the GPU `device`, begun before this process has anything there. Null where the library
  /// is missing, or does not know the GPU.
  static std::unique_ptr<DriverAccount> open(const DeviceId &device,
                                             const char *library = "libnvidia-ml.so.1");
  ~DriverAccount();
  DriverAccount(const DriverAccount &) = delete;
  DriverAccount &operator=(const DriverAccount &) = delete;

  struct Figure {
    size_t bytes;
    std::string_view account; ///< what is counted, for people
  };

  /// What this process has now, where the driver lists it by its number. It does not in some
  /// containers: then what the whole GPU has in use more than when the account was opened, so
  /// that what others take meanwhile counts too.
  Figure now() const;

private:
  struct Library;
  explicit DriverAccount(std::unique_ptr<Library> library);
  size_t usedOfDevice() const;

  std::unique_ptr<Library> library;
  size_t usedAtFirst;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_DRIVERACCOUNT_H
