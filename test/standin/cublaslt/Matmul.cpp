// cublasLtMatmul: D = epilogue(alpha op(A) op(B) + beta C), all by columns, summed in f32.
#include "standin/Report.h"
#include "standin/cublaslt/Descriptors.h"
#include "standin/device/Memory.h"
#include "standin/device/Stream.h"

#include <cmath>
#include <cstring>
#include <numbers>
#include <string>
#include <vector>

using namespace standin;
using namespace standin::cublaslt;

namespace {

struct Product {
  Operation operation;
  float alpha, beta;
  Layout layoutA, layoutB, layoutC, layoutD;
  const void *a, *b, *c;
  void *d;

  int64_t m() const { return layoutD.rows; }
  int64_t n() const { return layoutD.columns; }
  int64_t k() const { return operation.transA == CUBLAS_OP_N ? layoutA.columns : layoutA.rows; }
  int64_t auxIndex(int64_t batch, int64_t row, int64_t column) const {
    return (batch * n() + column) * operation.auxLeading + row;
  }

  std::vector<float> factor(const void *elements, const Layout &layout, bool transposed,
                            int64_t batch) const;
  void run() const;
  float epilogue(float value, int64_t batch, int64_t row, int64_t column) const;
  void sum(const std::vector<float> &factor, int64_t count, int64_t step,
           int64_t termStep) const;
};

/// Of GELU by tanh, which is cuBLASLt's: the logistic function of 2u.
float phi(float x) {
  const float u = std::sqrt(2 / std::numbers::pi_v<float>) * (x + 0.044715f * x * x * x);
  return 1 / (1 + std::exp(-2 * u));
}

float geluSlope(float x) {
  const float p = phi(x),
              slope = std::sqrt(2 / std::numbers::pi_v<float>) * (1 + 3 * 0.044715f * x * x);
  return p + x * 2 * slope * p * (1 - p);
}

/// op(matrix) by columns, dense.
std::vector<float> Product::factor(const void *elements, const Layout &layout, bool transposed,
                                   int64_t batch) const {
  const int64_t rows = transposed ? layout.columns : layout.rows;
  std::vector<float> result(layout.rows * layout.columns);
  for (int64_t column = 0; column < layout.columns; ++column)
    for (int64_t row = 0; row < layout.rows; ++row) {
      const auto value = static_cast<float>(readElement(
          elements, layout.type, batch * layout.batchStride + column * layout.leading + row));
      result[transposed ? row * rows + column : column * rows + row] =
          operation.isTf32 && layout.type == Element::F32 ? roundedToTf32(value) : value;
    }
  return result;
}

float Product::epilogue(float value, int64_t batch, int64_t row, int64_t column) const {
  const Element type = layoutD.type;
  switch (operation.epilogue) {
  case CUBLASLT_EPILOGUE_BIAS:
    return value + readElement(operation.bias, type, row);
  case CUBLASLT_EPILOGUE_GELU_BIAS:
  case CUBLASLT_EPILOGUE_GELU_AUX_BIAS:
    value += readElement(operation.bias, type, row);
    if (operation.hasAux())
      writeElement(operation.aux, type, auxIndex(batch, row, column), value);
    return value * phi(value);
  case CUBLASLT_EPILOGUE_DGELU:
    return value * geluSlope(readElement(operation.aux, type, auxIndex(batch, row, column)));
  default:
    return value;
  }
}

/// bias[i] = the sum of factor[i * step + p * termStep] over p.
void Product::sum(const std::vector<float> &factor, int64_t count, int64_t step,
                  int64_t termStep) const {
  for (int64_t i = 0; i < count; ++i) {
    float total = 0;
    for (int64_t p = 0; p < k(); ++p)
      total += factor[i * step + p * termStep];
    writeElement(operation.bias, layoutD.type, i, total);
  }
}

void Product::run() const {
  for (int64_t batch = 0; batch < layoutD.batch; ++batch) {
    const std::vector<float> left =
        factor(a, layoutA, operation.transA != CUBLAS_OP_N, batch); // [m, k]
    const std::vector<float> right =
        factor(b, layoutB, operation.transB != CUBLAS_OP_N, batch); // [k, n]
    if (operation.epilogue == CUBLASLT_EPILOGUE_BGRADA)
      sum(left, m(), 1, m());
    if (operation.epilogue == CUBLASLT_EPILOGUE_BGRADB)
      sum(right, n(), k(), 1);
    std::vector<float> sums(m());
    for (int64_t column = 0; column < n(); ++column) {
      std::fill(sums.begin(), sums.end(), 0.0f);
      for (int64_t p = 0; p < k(); ++p) {
        const float by = right[column * k() + p];
        const float *const from = &left[p * m()];
        for (int64_t row = 0; row < m(); ++row)
          sums[row] += from[row] * by;
      }
      for (int64_t row = 0; row < m(); ++row) {
        float value = alpha * sums[row];
        if (beta != 0)
          value +=
              beta * readElement(c, layoutC.type,
                                 batch * layoutC.batchStride + column * layoutC.leading + row);
        writeElement(d, layoutD.type,
                     batch * layoutD.batchStride + column * layoutD.leading + row,
                     epilogue(value, batch, row, column));
      }
    }
  }
}

void requireAligned(const void *operand, uint32_t alignment, const char *name) {
  if (reinterpret_cast<uintptr_t>(operand) % alignment)
    report("cublasLtMatmul: " + std::string(name) + " is no multiple of the " +
           std::to_string(alignment) + " bytes that the algorithm was chosen for");
}

std::vector<Operand> operandsOf(const Product &product, const Algorithm &algorithm,
                                void *workspace) {
  const Operation &operation = product.operation;
  const size_t elementBytes = bytesOf(product.layoutD.type);
  std::vector<Operand> operands{product.layoutA.operand(Use::Read, "A", product.a),
                                product.layoutB.operand(Use::Read, "B", product.b)};
  if (product.beta != 0)
    operands.push_back(product.layoutC.operand(Use::Read, "C", product.c));
  if (operation.hasAux()) {
    Layout aux = product.layoutD;
    aux.leading = operation.auxLeading;
    aux.batchStride = product.n() * operation.auxLeading;
    operands.push_back(
        aux.operand(operation.epilogue == CUBLASLT_EPILOGUE_DGELU ? Use::Read : Use::Write,
                    "aux", operation.aux));
  }
  const bool sumsA = operation.epilogue == CUBLASLT_EPILOGUE_BGRADA,
             sumsB = operation.epilogue == CUBLASLT_EPILOGUE_BGRADB;
  if (operation.epilogue != CUBLASLT_EPILOGUE_DEFAULT &&
      operation.epilogue != CUBLASLT_EPILOGUE_DGELU)
    operands.push_back({sumsA || sumsB ? Use::Write : Use::Read, "cublasLtMatmul's bias",
                        operation.bias, (sumsB ? product.n() : product.m()) * elementBytes});
  operands.push_back(product.layoutD.operand(Use::Write, "D", product.d));
  if (algorithm.workspaceBytes)
    operands.push_back(
        {Use::Write, "cublasLtMatmul's workspace", workspace, algorithm.workspaceBytes});
  return operands;
}

void check(const Product &product, const Algorithm &algorithm, const void *workspace,
           size_t workspaceBytes) {
  requireAligned(product.a, algorithm.alignA, "A");
  requireAligned(product.b, algorithm.alignB, "B");
  requireAligned(product.c, algorithm.alignC, "C");
  requireAligned(product.d, algorithm.alignD, "D");
  if (workspaceBytes < algorithm.workspaceBytes)
    report("cublasLtMatmul: a workspace of " + std::to_string(workspaceBytes) +
           " bytes where the algorithm may want " + std::to_string(algorithm.workspaceBytes));
  require(Place::Device, workspace, workspaceBytes, "cublasLtMatmul's workspace");
}

} // namespace

cublasStatus_t cublasLtMatmul(cublasLtHandle_t, cublasLtMatmulDesc_t operation,
                              const void *alpha, const void *a, cublasLtMatrixLayout_t layoutA,
                              const void *b, cublasLtMatrixLayout_t layoutB, const void *beta,
                              const void *c, cublasLtMatrixLayout_t layoutC, void *d,
                              cublasLtMatrixLayout_t layoutD,
                              const cublasLtMatmulAlgo_t *algorithm, void *workspace,
                              size_t workspaceBytes, cudaStream_t stream) {
  const Product product{of(operation),
                        *static_cast<const float *>(alpha),
                        *static_cast<const float *>(beta),
                        of(layoutA),
                        of(layoutB),
                        of(layoutC),
                        of(layoutD),
                        a,
                        b,
                        c,
                        d};
  if (!fits(product.operation, product.layoutA, product.layoutB, product.layoutC,
            product.layoutD))
    return CUBLAS_STATUS_INVALID_VALUE;
  Algorithm chosen;
  std::memcpy(&chosen, algorithm, sizeof chosen);
  if (chosen.mark != Algorithm::marked)
    report("cublasLtMatmul: an algorithm that no heuristic has given");
  const std::vector<Operand> operands = operandsOf(product, chosen, workspace);
  for (const Operand &operand : operands)
    require(Place::Device, operand.begin, operand.extent(), operand.name);
  check(product, chosen, workspace, workspaceBytes);
  if (submit(stream, {.name = "cublasLtMatmul",
                      .run = [product] { product.run(); },
                      .operands = operands}) != cudaSuccess)
    return CUBLAS_STATUS_EXECUTION_FAILED;
  return CUBLAS_STATUS_SUCCESS;
}
