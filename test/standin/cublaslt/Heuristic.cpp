// Which products cuBLASLt has an algorithm for, as its manual says. An algorithm here takes any
// of them, but wants what it was chosen for.
#include "standin/cublaslt/Descriptors.h"

#include <cstring>

using namespace standin::cublaslt;

/// "…must be divisible by 8", of the leading dimension, in the manual's words; 16 bytes of the
/// pointer, as no vector of 8 elements of 16 bits lies otherwise.
static bool takesAux(const Operation &operation, const Layout &d) {
  return operation.auxLeading % 8 == 0 && operation.auxLeading >= d.rows &&
         reinterpret_cast<uintptr_t>(operation.aux) % 16 == 0;
}

cublasStatus_t
cublasLtMatmulAlgoGetHeuristic(cublasLtHandle_t, cublasLtMatmulDesc_t operation,
                               cublasLtMatrixLayout_t a, cublasLtMatrixLayout_t b,
                               cublasLtMatrixLayout_t c, cublasLtMatrixLayout_t d,
                               cublasLtMatmulPreference_t preference, int wanted,
                               cublasLtMatmulHeuristicResult_t results[], int *found) {
  *found = 0;
  if (wanted < 1 || !fits(of(operation), of(a), of(b), of(c), of(d)))
    return CUBLAS_STATUS_INVALID_VALUE;
  if (of(operation).hasAux() && !takesAux(of(operation), of(d)))
    return CUBLAS_STATUS_NOT_SUPPORTED;
  const Preference &given = of(preference);
  const Algorithm chosen{Algorithm::marked, given.alignA, given.alignB,
                         given.alignC,      given.alignD, given.workspaceBytes};
  results[0] = {};
  std::memcpy(&results[0].algo, &chosen, sizeof chosen);
  results[0].workspaceSize = given.workspaceBytes;
  results[0].state = CUBLAS_STATUS_SUCCESS;
  *found = 1;
  return CUBLAS_STATUS_SUCCESS;
}
