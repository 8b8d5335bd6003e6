// The 16-bit element types in full, for programs, which lay buffers of them out, and kernels,
// which compute on them. Headers that only name the types include Elements.h.
#ifndef AUTOPAR_RUNTIME_CUDA_NARROWTYPES_H
#define AUTOPAR_RUNTIME_CUDA_NARROWTYPES_H

#include "autopar/cuda/Elements.h"

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#endif // AUTOPAR_RUNTIME_CUDA_NARROWTYPES_H
