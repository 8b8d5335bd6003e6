// See Window.h.
#include "autopar/cuda/nccl/Window.h"

#include "autopar/cuda/Choices.h"
#include "autopar/cuda/nccl/Check.h"

#include <algorithm>
#include <functional>
#include <string>

using namespace autopar;
using cuda::Window;

#if NCCL_VERSION_CODE >= NCCL_VERSION(2, 27, 0)

/// Null where NCCL has none. It may round sizes up to what multicast memory is handed out in,
/// half a GiB on Hopper: where that is no longer free an ordinary allocation is the better one.
static std::byte *allocateHere(size_t bytes) {
  constexpr size_t granule = size_t(512) << 20;
  size_t free = 0, total = 0;
  cuda::check(cudaMemGetInfo(&free, &total));
  if (free < granule || bytes > free - granule)
    return nullptr;
  void *memory = nullptr;
  if (ncclMemAlloc(&memory, bytes) != ncclSuccess) {
    cudaGetLastError(); // An answer, not an error.
    return nullptr;
  }
  return static_cast<std::byte *>(memory);
}

std::unique_ptr<Window> Window::allocate(Peers &peers, size_t bytes) {
  std::byte *const memory = allocateHere(bytes);
  if (!std::ranges::all_of(peers.allGather(char(memory != nullptr)), std::identity())) {
    if (memory)
      ncclMemFree(memory);
    return nullptr;
  }
  return std::unique_ptr<Window>(new Window(memory, bytes));
}

Window::~Window() {
  for (const auto &[communicator, window] : registered)
    ncclCommWindowDeregister(communicator, window);
  ncclMemFree(memory);
}

void Window::registerWith(ncclComm *communicator) {
  ncclWindow_t window = nullptr;
  const ncclResult_t result =
      ncclCommWindowRegister(communicator, memory, bytes, &window, NCCL_WIN_COLL_SYMMETRIC);
  if (result != ncclSuccess) // Collectives can do without; what has broken they will tell.
    announce(std::string("NCCL takes no window of the arena: ") + ncclGetErrorString(result));
  else if (window) // Null where NCCL has no use for it.
    registered.emplace_back(communicator, window);
}

#else

std::unique_ptr<Window> Window::allocate(Peers &, size_t) { return nullptr; }
Window::~Window() = default;
void Window::registerWith(ncclComm *) {}

#endif
