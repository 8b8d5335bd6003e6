// What a kernel found wrong with its operands. A kernel cannot throw, so it leaves a note in
// memory that the host sees, and the host throws when it next waits for the device.
#ifndef AUTOPAR_RUNTIME_CUDA_FAULTS_H
#define AUTOPAR_RUNTIME_CUDA_FAULTS_H

#include <cstdint>

namespace autopar::cuda {

/// `value`, found at `row` of the operand of `call`, is none of `bound`.
struct Fault {
  enum Call : int32_t {
    None,
    SoftmaxCrossEntropy,
    SoftmaxCrossEntropyGrad,
    VocabularySums,
    Embedding,
    EmbeddingGrad,
  };
  int32_t call;
  int64_t row, value, bound;
};

/// The first fault since it was last asked for; in pinned memory.
class Faults {
public:
  Faults();
  ~Faults();
  Faults(const Faults &) = delete;
  Faults &operator=(const Faults &) = delete;

  /// Where kernels write, by report() of Faults.cuh.
  Fault *onDevice() const { return device; }

  /// Once the device has done what may have failed: \throws std::out_of_range when it has, with
  /// the call, the value and its place, and forgets it.
  void raise() const;

private:
  Fault *host = nullptr, *device = nullptr;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_FAULTS_H
