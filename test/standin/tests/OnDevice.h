// Numbers in device memory, streams and events, for the tests of the stand-in.
#ifndef AUTOPAR_TEST_STANDIN_TESTS_ONDEVICE_H
#define AUTOPAR_TEST_STANDIN_TESTS_ONDEVICE_H

#include <cuda_runtime_api.h>

#include <vector>

namespace standin {

struct OwnStream {
  cudaStream_t handle = nullptr;
  OwnStream() { cudaStreamCreateWithPriority(&handle, cudaStreamNonBlocking, 0); }
  ~OwnStream() { cudaStreamDestroy(handle); }
  OwnStream(const OwnStream &) = delete;
  operator cudaStream_t() const { return handle; }
};

struct OwnEvent {
  cudaEvent_t handle = nullptr;
  OwnEvent() { cudaEventCreateWithFlags(&handle, cudaEventDisableTiming); }
  ~OwnEvent() { cudaEventDestroy(handle); }
  OwnEvent(const OwnEvent &) = delete;
  operator cudaEvent_t() const { return handle; }
};

template <class T> class OnDevice {
public:
  explicit OnDevice(size_t count) : count(count) {
    cudaMalloc(reinterpret_cast<void **>(&memory), count * sizeof(T));
  }
  ~OnDevice() {
    cudaStreamSynchronize(stream);
    cudaFree(memory);
  }
  OnDevice(const OnDevice &) = delete;

  T *data() const { return memory; }

  /// When all of the stream's work is done.
  std::vector<T> read() const {
    std::vector<T> result(count);
    cudaMemcpyAsync(result.data(), memory, count * sizeof(T), cudaMemcpyDeviceToHost, stream);
    return result;
  }

  const OwnStream stream;

private:
  size_t count;
  T *memory = nullptr;
};

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_TESTS_ONDEVICE_H
