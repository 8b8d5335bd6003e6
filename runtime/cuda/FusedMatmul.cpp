// See FusedMatmul.h; what runs on the device is in FusedMatmul.cu.
#include "autopar/cuda/FusedMatmul.h"

#include "autopar/cuda/FusedMatmulPlan.h"
#include "autopar/cuda/Linear.h"

#include <stdexcept>
#include <string>

using namespace autopar;
using namespace autopar::cuda;
using blas::Epilogue;

FusedMatmul::FusedMatmul(std::unique_ptr<State> state) : state(std::move(state)) {}
FusedMatmul::~FusedMatmul() = default;
FusedMatmul::FusedMatmul(FusedMatmul &&) noexcept = default;

size_t FusedMatmul::workspaceBytes() const { return state->workspaceBytes(); }

void FusedMatmul::requireWorkspace(size_t planned) const {
  cuda::requireWorkspace(state->plain.call, workspaceBytes(), planned);
}

/// cuBLASLt reads and writes what is beside a GELU by 8 elements.
static const MatmulShape &byEights(const char *call, const MatmulShape &shape) {
  if (shape.n % 8 != 0)
    throw std::invalid_argument(std::string(call) + ": a result of " + std::to_string(shape.n) +
                                " columns; they are a multiple of 8");
  return shape;
}

/// A weight's gradient: the factor that is summed lies by rows of k, and sums stay in f32.
static const MatmulShape &summed(const char *call, const MatmulShape &shape, bool byRows) {
  if (!byRows || shape.typeC != DataType::F32)
    throw std::invalid_argument(std::string(call) + ": sums rows of a factor [k, ...] beside a "
                                                    "product in f32");
  return shape;
}

MatmulAdd::MatmulAdd(const MatmulShape &s)
    : FusedMatmul(std::make_unique<State>("MatmulAdd", s, Epilogue::None)) {}

MatmulBias::MatmulBias(const MatmulShape &s)
    : FusedMatmul(std::make_unique<State>("MatmulBias", s, Epilogue::Bias)) {}

MatmulBiasGelu::MatmulBiasGelu(const MatmulShape &s)
    : FusedMatmul(std::make_unique<State>("MatmulBiasGelu", s, Epilogue::BiasGelu)) {}

MatmulBiasGeluAux::MatmulBiasGeluAux(const MatmulShape &s)
    : FusedMatmul(std::make_unique<State>("MatmulBiasGeluAux", byEights("MatmulBiasGeluAux", s),
                                          Epilogue::BiasGeluAux)) {}

MatmulGeluGrad::MatmulGeluGrad(const MatmulShape &s)
    : FusedMatmul(std::make_unique<State>("MatmulGeluGrad", byEights("MatmulGeluGrad", s),
                                          Epilogue::GeluGrad)) {}

MatmulSumA::MatmulSumA(const MatmulShape &s)
    : FusedMatmul(std::make_unique<State>("MatmulSumA", summed("MatmulSumA", s, s.transposeA),
                                          Epilogue::SumA,
                                          BiasGrad{s.k, s.m}.workspaceBytes())) {}

MatmulSumB::MatmulSumB(const MatmulShape &s)
    : FusedMatmul(std::make_unique<State>("MatmulSumB", summed("MatmulSumB", s, !s.transposeB),
                                          Epilogue::SumB,
                                          BiasGrad{s.k, s.n}.workspaceBytes())) {}
