// See Product.h.
#include "autopar/cuda/blas/Product.h"

#include "autopar/cuda/Context.h"
#include "autopar/cuda/blas/Check.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>

using namespace autopar;
using namespace autopar::cuda;
using blas::Beside;
using blas::Epilogue;
using blas::Matrix;
using blas::Product;
using blas::ProductShape;

namespace {

cudaDataType_t cudaType(DataType type) {
  switch (type) {
  case DataType::F32:
    return CUDA_R_32F;
  case DataType::BF16:
    return CUDA_R_16BF;
  case DataType::F16:
    return CUDA_R_16F;
  default:
    throw std::invalid_argument("a matrix product is of F32, BF16 or F16, not " +
                                std::string(nameOf(type)));
  }
}

/// A handle of cuBLASLt's with its owner.
template <class Handle, cublasStatus_t (*destroy)(Handle)> struct Owned {
  Handle handle = nullptr;
  Owned() = default;
  Owned(const Owned &) = delete;
  ~Owned() {
    if (handle)
      destroy(handle);
  }
  operator Handle() const { return handle; }
};

using Layout = Owned<cublasLtMatrixLayout_t, cublasLtMatrixLayoutDestroy>;
using Operation = Owned<cublasLtMatmulDesc_t, cublasLtMatmulDescDestroy>;
using Preference = Owned<cublasLtMatmulPreference_t, cublasLtMatmulPreferenceDestroy>;

/// A row-major [rows, columns] matrix, as cuBLAS sees its memory: by columns, so transposed.
void layOut(Layout &layout, const Matrix &matrix, int64_t rows, int64_t columns,
            int64_t batch) {
  if (matrix.transposed)
    std::swap(rows, columns);
  check(cublasLtMatrixLayoutCreate(&layout.handle, cudaType(matrix.type), columns, rows,
                                   matrix.stride));
  if (batch == 1)
    return;
  const auto count = static_cast<int32_t>(batch);
  check(cublasLtMatrixLayoutSetAttribute(layout, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, &count,
                                         sizeof count));
  check(cublasLtMatrixLayoutSetAttribute(layout, CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET,
                                         &matrix.batchStride, sizeof matrix.batchStride));
}

/// cuBLAS's names. Its first factor is b, its second a.
cublasLtEpilogue_t epilogueOf(Epilogue epilogue) {
  switch (epilogue) {
  case Epilogue::None:
    return CUBLASLT_EPILOGUE_DEFAULT;
  case Epilogue::Bias:
    return CUBLASLT_EPILOGUE_BIAS;
  case Epilogue::BiasGelu:
    return CUBLASLT_EPILOGUE_GELU_BIAS;
  case Epilogue::BiasGeluAux:
    return CUBLASLT_EPILOGUE_GELU_AUX_BIAS;
  case Epilogue::GeluGrad:
    return CUBLASLT_EPILOGUE_DGELU;
  case Epilogue::SumA:
    return CUBLASLT_EPILOGUE_BGRADB;
  case Epilogue::SumB:
    return CUBLASLT_EPILOGUE_BGRADA;
  }
  throw std::invalid_argument("an unknown epilogue of a matrix product");
}

/// The largest power of two, up to 256, at a multiple of which the operand lies; 256 of none.
uint32_t alignmentOf(const void *data) {
  const auto address = reinterpret_cast<uintptr_t>(data) | 256;
  return static_cast<uint32_t>(address & -address);
}

/// Of all operands; of c's, the lesser where something is added to it.
struct Alignments {
  uint32_t a = 0, b = 0, c = 0, bias = 0, aux = 0;
  bool operator==(const Alignments &) const = default;
};

} // namespace

struct Product::State {
  ProductShape shape;
  Operation operation;
  Layout a, b, c;
  std::optional<cublasLtMatmulAlgo_t> algorithm;
  Alignments alignments; ///< that the algorithm was chosen for

  explicit State(const ProductShape &shape) : shape(shape) {
    check(cublasLtMatmulDescCreate(
        &operation.handle, shape.tf32 ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F,
        CUDA_R_32F));
    // cuBLAS's first factor is b, its second a.
    transpose(CUBLASLT_MATMUL_DESC_TRANSA, shape.b.transposed);
    transpose(CUBLASLT_MATMUL_DESC_TRANSB, shape.a.transposed);
    layOut(a, shape.a, shape.m, shape.k, shape.batch);
    layOut(b, shape.b, shape.k, shape.n, shape.batch);
    layOut(c, shape.c, shape.m, shape.n, shape.batch);
    // Bias and aux are of c's type unless cuBLASLt is told otherwise.
    set(CUBLASLT_MATMUL_DESC_EPILOGUE, epilogueOf(shape.epilogue));
  }

  template <class Value> void set(cublasLtMatmulDescAttributes_t attribute, Value value) {
    check(cublasLtMatmulDescSetAttribute(operation, attribute, &value, sizeof value));
  }

  void transpose(cublasLtMatmulDescAttributes_t attribute, bool transposed) {
    set(attribute, transposed ? CUBLAS_OP_T : CUBLAS_OP_N);
  }

  void point(const Beside &beside) {
    if (beside.bias)
      set(CUBLASLT_MATMUL_DESC_BIAS_POINTER, beside.bias);
    if (!beside.aux)
      return;
    set(CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER, beside.aux);
    set(CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD, shape.n);
  }

  /// Leaves no algorithm where there is none.
  void choose(cublasLtHandle_t handle) {
    algorithm.reset();
    Preference preference;
    check(cublasLtMatmulPreferenceCreate(&preference.handle));
    const auto prefer = [&](cublasLtMatmulPreferenceAttributes_t name, auto value) {
      check(cublasLtMatmulPreferenceSetAttribute(preference, name, &value, sizeof value));
    };
    prefer(CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, uint64_t(blas::workspaceBytes));
    prefer(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, alignments.b);
    prefer(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, alignments.a);
    prefer(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, alignments.c);
    prefer(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, alignments.c);
    cublasLtMatmulHeuristicResult_t best;
    int found = 0;
    const cublasStatus_t status = cublasLtMatmulAlgoGetHeuristic(handle, operation, b, a, c, c,
                                                                 preference, 1, &best, &found);
    if (status != CUBLAS_STATUS_NOT_SUPPORTED)
      check(status);
    if (status == CUBLAS_STATUS_SUCCESS && found > 0 && best.state == CUBLAS_STATUS_SUCCESS)
      algorithm = best.algo;
  }
};

Product::Product(const ProductShape &shape) : state(new State(shape)) {}
Product::~Product() = default;
Product::Product(Product &&) noexcept = default;

bool Product::canRun(const Context &context, const void *a, const void *b, const void *c,
                     const Beside &beside) {
  const Alignments alignments = {.a = alignmentOf(a),
                                 .b = alignmentOf(b),
                                 .c = std::min(alignmentOf(c), alignmentOf(beside.added)),
                                 .bias = alignmentOf(beside.bias),
                                 .aux = alignmentOf(beside.aux)};
  state->point(beside);
  if (alignments != state->alignments) {
    state->alignments = alignments;
    state->choose(context.blas());
  }
  return state->algorithm.has_value();
}

void Product::run(const Context &context, const void *a, const void *b, void *c,
                  void *workspace, const Beside &beside) {
  if (!canRun(context, a, b, c, beside)) {
    const ProductShape &shape = state->shape;
    throw std::runtime_error(
        "cuBLASLt has no algorithm for a product of [" + std::to_string(shape.m) + ", " +
        std::to_string(shape.k) + "] and [" + std::to_string(shape.k) + ", " +
        std::to_string(shape.n) + "]" + (beside.added ? ", added to another matrix" : ""));
  }
  const float one = 1, ofAdded = beside.added ? 1 : 0;
  check(cublasLtMatmul(context.blas(), state->operation, &one, b, state->b, a, state->a,
                       &ofAdded, beside.added ? beside.added : c, state->c, c, state->c,
                       &*state->algorithm, workspace, blas::workspaceBytes, context.compute));
}
