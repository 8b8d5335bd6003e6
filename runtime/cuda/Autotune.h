// What --autotune finds out: the fastest way of each call, in a file from which later runs take
// it. What is fastest depends on the GPU and on cuDNN, so a file may hold the choices of several:
//
//   {"NVIDIA H100 80GB HBM3, cuDNN 91900":
//     {"Conv2dForward 870067a9940fe704 in 589824 bytes": "62 2=4 13=1 18=0 25=0 27=1 28=2"}}
#ifndef AUTOPAR_RUNTIME_CUDA_AUTOTUNE_H
#define AUTOPAR_RUNTIME_CUDA_AUTOTUNE_H

#include "autopar/cuda/Choices.h"

#include <map>

namespace autopar::cuda {

class Autotune : public ChoiceRecord {
public:
  /// Of the device that is planned for. The file need not be there yet. \throws
  /// std::runtime_error where it is no file of choices, or cannot be written.
  explicit Autotune(std::string file);
  ~Autotune() override;

  std::optional<std::string> find(const std::string &call) const override;
  void keep(const std::string &call, const std::string &choice) override;

  /// Writes the file where there is anything new.
  void save();

private:
  using Choices = std::map<std::string, std::string>;

  std::string file, device;
  std::map<std::string, Choices> ofDevices;
  bool isNew = false;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_AUTOTUNE_H
