// What a device model and cuDNN's planning want to know of a GPU: prints one JSON object with cuDNN's
// description, and measured rates of memory, of large products and of launches. Arguments are the
// size of the products and the bytes that are copied, for a device on which large ones take hours.
#include "autopar/core/Philox.h"
#include "autopar/cuda/Context.h"
#include "autopar/cuda/Device.h"
#include "autopar/cuda/DeviceMemory.h"
#include "autopar/cuda/Elementwise.cuh"
#include "autopar/cuda/Launch.cuh"
#include "autopar/cuda/Matmul.h"
#include "autopar/cuda/Planning.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

using namespace autopar;
using namespace autopar::cuda;
using json = nlohmann::ordered_json;

/// Seconds of one of `times` runs of `work`, by the device's clock; the median of five tries.
static double seconds(const Context &context, int times, const std::function<void()> &work) {
  const Event begin(Event::Kind::Timed), end(Event::Kind::Timed);
  work();
  std::vector<double> tries(5);
  for (double &tried : tries) {
    begin.record(context.compute);
    for (int i = 0; i < times; ++i)
      work();
    end.record(context.compute);
    context.compute.synchronize();
    tried = end.secondsSince(begin) / times;
  }
  std::sort(tries.begin(), tries.end());
  return tries[2];
}

__global__ void nothing() {}

/// Of square matrices that lie one behind the other in `arena`, the workspace behind them. Their
/// numbers are random in (-1, 1): on zeros a device draws less power, and its clock stays higher.
template <class T>
static double productFlops(const Context &context, std::byte *arena, DataType type, bool tf32,
                           int64_t n) {
  const Matmul product({.m = n, .n = n, .k = n, .typeA = type, .typeB = type, .typeC = type,
                        .tf32 = tf32});
  T *const a = reinterpret_cast<T *>(arena), *const b = a + n * n, *const c = b + n * n;
  forEachElement(
      context, 2 * n * n,
      [random = RandomStream(/*seed=*/1, /*stream=*/0)] __device__(int64_t i) {
        return static_cast<float>(2 * RandomStream::unit(random.bits(i)[0]) - 1);
      },
      a);
  const double took =
      seconds(context, 10, [&] { product(context, a, b, c, static_cast<void *>(c + n * n)); });
  return 2.0 * n * n * n / took;
}

int main(int argc, char **argv) {
  try {
    const int64_t size = argc > 1 ? std::stoll(argv[1]) : 8192;
    const size_t copied = argc > 2 ? std::stoull(argv[2]) : size_t(1) << 30;
    selectDevice(/*localRank=*/0);
    const Context context;
    DeviceMemory memory(context);
    // Three matrices and a workspace, or what is copied and its copy.
    const size_t bytes = std::max(2 * copied, 3 * size * size * sizeof(float) + (size_t(64) << 20));
    std::byte *const arena = memory.allocate(bytes);

    json result;
    result["device"] = nlohmann::json::parse(plannedDevice().json);
    const double copy = seconds(context, 10, [&] {
      check(cudaMemcpyAsync(arena + copied, arena, copied, cudaMemcpyDeviceToDevice,
                            context.compute));
    });
    result["memory_bytes_per_second"] = 2 * copied / copy; // read and written
    result["launch_seconds"] = seconds(context, 1000, [&] {
      launch(nothing, 1, 1, 0, context.compute);
      checkLaunch();
    });
    json &products = result["matmul_flops"];
    products["f32"] = productFlops<float>(context, arena, DataType::F32, /*tf32=*/false, size);
    products["tf32"] = productFlops<float>(context, arena, DataType::F32, /*tf32=*/true, size);
    products["bf16"] = productFlops<bf16>(context, arena, DataType::BF16, /*tf32=*/false, size);
    products["f16"] = productFlops<f16>(context, arena, DataType::F16, /*tf32=*/false, size);
    std::printf("%s\n", result.dump(1).c_str());
    memory.release(arena, bytes);
    return 0;
  } catch (const std::exception &error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
