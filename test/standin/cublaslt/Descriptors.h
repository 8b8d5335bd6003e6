// What cuBLASLt's handles stand for here. A matrix lies by columns.
#ifndef AUTOPAR_TEST_STANDIN_CUBLASLT_DESCRIPTORS_H
#define AUTOPAR_TEST_STANDIN_CUBLASLT_DESCRIPTORS_H

#include "standin/device/Elements.h"
#include "standin/device/Operand.h"

#include <cublasLt.h>

#include <string>

namespace standin::cublaslt {

struct Layout {
  Element type;
  int64_t rows, columns, leading;
  int32_t batch = 1;
  int64_t batchStride = 0;

  /// The matrices, as a call uses them.
  Operand operand(Use use, const char *name, const void *begin) const {
    const size_t bytes = bytesOf(type);
    return strided(use, std::string("cublasLtMatmul's ") + name, begin, rows * bytes,
                   {{static_cast<size_t>(columns), leading * bytes},
                    {static_cast<size_t>(batch), batchStride * bytes}});
  }
};

struct Operation {
  bool isTf32;
  cublasOperation_t transA = CUBLAS_OP_N, transB = CUBLAS_OP_N;
  cublasLtEpilogue_t epilogue = CUBLASLT_EPILOGUE_DEFAULT;
  void *bias = nullptr, *aux = nullptr;
  int64_t auxLeading = 0;

  bool hasAux() const {
    return epilogue == CUBLASLT_EPILOGUE_GELU_AUX_BIAS ||
           epilogue == CUBLASLT_EPILOGUE_GELU_AUX || epilogue == CUBLASLT_EPILOGUE_DGELU;
  }
};

struct Preference {
  uint64_t workspaceBytes = 0;
  uint32_t alignA = 256, alignB = 256, alignC = 256, alignD = 256; ///< bytes
};

/// What was chosen for a product, as it lies in a cublasLtMatmulAlgo_t: the operands that it
/// takes, and what it wants of them.
struct Algorithm {
  uint64_t mark;
  uint32_t alignA, alignB, alignC, alignD;
  uint64_t workspaceBytes;
  static constexpr uint64_t marked = 0x5354414e44494e21;
};
static_assert(sizeof(Algorithm) <= sizeof(cublasLtMatmulAlgo_t));

inline Operation &of(cublasLtMatmulDesc_t handle) {
  return *reinterpret_cast<Operation *>(handle);
}
inline Layout &of(cublasLtMatrixLayout_t handle) { return *reinterpret_cast<Layout *>(handle); }
inline Preference &of(cublasLtMatmulPreference_t handle) {
  return *reinterpret_cast<Preference *>(handle);
}

/// D = op(A) op(B): whether the sizes belong together.
bool fits(const Operation &operation, const Layout &a, const Layout &b, const Layout &c,
          const Layout &d);

} // namespace standin::cublaslt

#endif // AUTOPAR_TEST_STANDIN_CUBLASLT_DESCRIPTORS_H
