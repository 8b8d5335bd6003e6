// cuDNN's backend descriptors as values with an owner. Everything the graph API knows (a
// tensor, an operation, an execution plan) is such a descriptor: attributes are set one by one,
// then it is finalized.
#ifndef AUTOPAR_RUNTIME_CUDA_CUDNN_DESCRIPTOR_H
#define AUTOPAR_RUNTIME_CUDA_CUDNN_DESCRIPTOR_H

#include "autopar/cuda/cudnn/Check.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace autopar::cuda::cudnn {

/// Copies share the descriptor, so that a graph keeps what it refers to.
class Descriptor {
public:
  explicit Descriptor(cudnnBackendDescriptorType_t type);

  cudnnBackendDescriptor_t get() const { return owned.get(); }

  // Attributes by the type of their value. They return the descriptor, to set one after
  // another.
  Descriptor &set(cudnnBackendAttributeName_t name, int64_t value);
  Descriptor &set(cudnnBackendAttributeName_t name, std::span<const int64_t> values);
  Descriptor &set(cudnnBackendAttributeName_t name, double value);
  Descriptor &set(cudnnBackendAttributeName_t name, bool value);
  Descriptor &set(cudnnBackendAttributeName_t name, const Descriptor &value);
  Descriptor &set(cudnnBackendAttributeName_t name, std::span<const Descriptor> values);
  Descriptor &set(cudnnBackendAttributeName_t name, std::string_view text);
  Descriptor &set(cudnnBackendAttributeName_t name, cudnnDataType_t value);
  Descriptor &set(cudnnBackendAttributeName_t name, cudnnConvolutionMode_t value);
  Descriptor &set(cudnnBackendAttributeName_t name, cudnnBackendHeurMode_t value);
  Descriptor &set(cudnnBackendAttributeName_t name, cudnnPointwiseMode_t value);
  Descriptor &set(cudnnBackendAttributeName_t name, cudnnReduceTensorOp_t value);
  Descriptor &set(cudnnBackendAttributeName_t name, cudnnGenStatsMode_t value);
  Descriptor &set(cudnnBackendAttributeName_t name, std::span<void *const> pointers);
  Descriptor &set(cudnnBackendAttributeName_t name, cudnnHandle_t handle);

  Descriptor &finalize(std::source_location where = std::source_location::current());

  /// Whether it could be finalized; a plan may turn out to be none.
  bool tryFinalize();

  int64_t integer(cudnnBackendAttributeName_t name) const;
  /// Of a knob's choice.
  cudnnBackendKnobType_t knobType() const;
  std::string text(cudnnBackendAttributeName_t name) const;

  /// The type and all that was set, but for handles: descriptors of one description are alike.
  /// No text to read.
  const std::string &description() const { return described; }

  /// As many descriptors as there are. `type` is that of each. Some lists do not tell how many
  /// they have: of these at most `most`.
  std::vector<Descriptor> descriptors(cudnnBackendAttributeName_t name,
                                      cudnnBackendDescriptorType_t type,
                                      int64_t most = 0) const;

  /// Whether a list of notes has this one; Note is a numerical or a behaviour note.
  template <class Note> bool has(cudnnBackendAttributeName_t name, Note note) const;

private:
  Descriptor &set(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type,
                  int64_t count, const void *values);

  std::shared_ptr<void> owned;
  std::string described;
};

} // namespace autopar::cuda::cudnn

#endif // AUTOPAR_RUNTIME_CUDA_CUDNN_DESCRIPTOR_H
