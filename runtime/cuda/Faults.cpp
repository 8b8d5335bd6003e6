// See Faults.h.
#include "autopar/cuda/Faults.h"

#include "autopar/cuda/Check.h"

#include <stdexcept>
#include <string>
#include <thread>

using namespace autopar::cuda;

Faults::Faults() {
  check(cudaHostAlloc(reinterpret_cast<void **>(&host), sizeof(Fault), cudaHostAllocMapped));
  *host = {};
  check(cudaHostGetDevicePointer(reinterpret_cast<void **>(&device), host, 0));
}

Faults::~Faults() { cudaFreeHost(host); }

static std::string describe(const Fault &fault) {
  const auto text = [&fault](const char *call, const char *value, const char *bound,
                             const char *wayOut) {
    return std::string(call) + ": " + value + " " + std::to_string(fault.value) + " of row " +
           std::to_string(fault.row) + " is none of " + bound + std::to_string(fault.bound) +
           wayOut;
  };
  constexpr const char *classes = " classes; give data with labels below that";
  constexpr const char *vocabulary = "a vocabulary of ";
  constexpr const char *withThis = "; give data that was made with this vocabulary";
  switch (fault.call) {
  case Fault::SoftmaxCrossEntropy:
    return text("SoftmaxCrossEntropy", "label", "", classes);
  case Fault::SoftmaxCrossEntropyGrad:
    return text("SoftmaxCrossEntropyGrad", "label", "", classes);
  case Fault::VocabularySums:
    return text("VocabularySums", "label", vocabulary, withThis);
  case Fault::Embedding:
    return text("Embedding", "token", vocabulary, withThis);
  case Fault::EmbeddingGrad:
    return text("EmbeddingGrad", "token", vocabulary, withThis);
  }
  return text("a call that is not known", "value", "", "");
}

void Faults::raise() const {
  if (host->call == Fault::None)
    return;
  // A step behind the one that was waited for may still be writing it down, the bound last.
  while (const_cast<volatile const Fault *>(host)->bound == 0)
    std::this_thread::yield();
  const Fault found = *host;
  *host = {};
  throw std::out_of_range(describe(found));
}
