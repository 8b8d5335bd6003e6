// See Matmul.h; what runs on the device is in Matmul.cu.
#include "autopar/cuda/Matmul.h"

#include "autopar/cuda/MatmulPlan.h"

#include <stdexcept>
#include <string>

using namespace autopar;
using namespace autopar::cuda;

static bool isFloating(DataType type) {
  return type == DataType::F32 || type == DataType::BF16 || type == DataType::F16;
}

PlannedProduct::PlannedProduct(const char *call, const MatmulShape &shape,
                               blas::Epilogue epilogue)
    : call(call), shape(shape), epilogue(epilogue) {
  const DataType a = shape.typeA, b = shape.typeB, c = shape.typeC;
  const DataType factors = a == DataType::F32 ? b : a;
  const bool known = isFloating(a) && isFloating(b) && isFloating(c);
  if (!known || (b != factors && b != DataType::F32) || (c != factors && c != DataType::F32))
    throw std::invalid_argument(
        std::string(call) + ": a product of " + std::string(nameOf(a)) + " and " +
        std::string(nameOf(b)) + " into " + std::string(nameOf(c)) +
        "; types are F32 or one of BF16 and F16, and the result's is F32 or that of a factor");
}

Matmul::Matmul(const char *call, const MatmulShape &shape) : state(new State(call, shape)) {}
Matmul::~Matmul() = default;
Matmul::Matmul(Matmul &&) noexcept = default;

size_t Matmul::workspaceBytes() const { return state->workspaceBytes(); }

void Matmul::requireWorkspace(size_t planned) const {
  cuda::requireWorkspace(state->call, workspaceBytes(), planned);
}

StridedMatmul::StridedMatmul(const StridedMatmulShape &s)
    : state(new State{s,
                      {{s.outer, s.inner, s.m, s.k}, {s.aOuter, s.aInner, s.aM, s.aK}},
                      {{s.outer, s.inner, s.k, s.n}, {s.bOuter, s.bInner, s.bK, s.bN}},
                      {{s.outer, s.inner, s.m, s.n},
                       {s.cOuter, s.cInner, s.cM, s.cN},
                       /*isResult=*/true}}) {
  if (!isFloating(s.type))
    throw std::invalid_argument("StridedMatmul: a product of " + std::string(nameOf(s.type)) +
                                "; F32, BF16 and F16 are known");
}
StridedMatmul::~StridedMatmul() = default;
StridedMatmul::StridedMatmul(StridedMatmul &&) noexcept = default;

size_t StridedMatmul::workspaceBytes() const {
  return blas::workspaceBytes + state->room(state->a) + state->room(state->b) +
         state->room(state->c);
}

void StridedMatmul::requireWorkspace(size_t planned) const {
  cuda::requireWorkspace("StridedMatmul", workspaceBytes(), planned);
}
