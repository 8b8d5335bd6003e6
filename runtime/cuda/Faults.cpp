// See Faults.h.
#include "autopar/cuda/Faults.h"

#include "autopar/cuda/Check.h"

#include <stdexcept>
#include <string>

using namespace autopar::cuda;

Faults::Faults() {
  check(cudaHostAlloc(reinterpret_cast<void **>(&host), sizeof(Fault), cudaHostAllocMapped));
  *host = {};
  check(cudaHostGetDevicePointer(reinterpret_cast<void **>(&device), host, 0));
}

Faults::~Faults() { cudaFreeHost(host); }

static std::string describe(const Fault &fault) {
  const std::string at = std::to_string(fault.value) + " of row " + std::to_string(fault.row) +
                         " is none of " + std::to_string(fault.bound);
  switch (fault.call) {
  case Fault::SoftmaxCrossEntropy:
    return "SoftmaxCrossEntropy: label " + at + " classes; give data with labels below that";
  case Fault::SoftmaxCrossEntropyGrad:
    return "SoftmaxCrossEntropyGrad: label " + at +
           " classes; give data with labels below that";
  case Fault::Embedding:
    return "Embedding: token " + at + " of the vocabulary; give data with tokens below that";
  }
  return "a call that is not known left a fault: " + at;
}

void Faults::raise() const {
  if (host->call == Fault::None)
    return;
  const Fault found = *host;
  *host = {};
  throw std::out_of_range(describe(found));
}
