// See Check.h.
#include "autopar/cuda/Check.h"

#include <stdexcept>
#include <string>

using namespace autopar;

void cuda::fail(std::string_view library, std::string_view what, std::source_location where) {
  throw std::runtime_error(std::string(where.file_name()) + ":" + std::to_string(where.line()) +
                           ": " + std::string(library) + ": " + std::string(what));
}

void cuda::check(cudaError_t status, std::source_location where) {
  if (status != cudaSuccess)
    fail("CUDA", cudaGetErrorString(status), where);
}
