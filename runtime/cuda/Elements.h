// The element types of activations: float, bf16 and f16. Declared, not defined, so that the
// compiler reads the calls' headers without CUDA's.
#ifndef AUTOPAR_RUNTIME_CUDA_ELEMENTS_H
#define AUTOPAR_RUNTIME_CUDA_ELEMENTS_H

struct __nv_bfloat16;
struct __half;

namespace autopar::cuda {

using bf16 = __nv_bfloat16;
using f16 = __half;

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_ELEMENTS_H
