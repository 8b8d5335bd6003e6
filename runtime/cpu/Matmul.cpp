// See Matmul.h. oneDNN rather than OpenBLAS: on GPT-2's products (256 to 1024 rows, 768 times
// 2304 to 50304, all three transpositions; Debian's builds of both, 2 cores with AVX-512) it
// did 120 to 300 GFLOP/s against 57 to 65.
#include "autopar/cpu/Matmul.h"

#include "autopar/cpu/OneDnnPlan.h"

#include <string_view>

using namespace autopar::cpu;
using dnnl::memory;
using Role = OneDnnPlan::Role;

static dnnl::matmul::primitive_desc product(const memory::desc &a, const memory::desc &b,
                                            const memory::desc &c) {
  return {{a, b, c}, callersScratchpad(), engine()};
}

static OneDnnPlan planMatmul(const MatmulShape &shape) {
  const auto matrix = [](int64_t rows, int64_t columns, bool transposed) {
    return memory::desc({rows, columns}, memory::data_type::f32,
                        transposed ? memory::format_tag::ba : memory::format_tag::ab);
  };
  const auto a = matrix(shape.m, shape.k, shape.transposeA),
             b = matrix(shape.k, shape.n, shape.transposeB),
             c = matrix(shape.m, shape.n, false);
  return {"Matmul",
          product(a, b, c),
          {{DNNL_ARG_SRC, Role::Input, a, a},
           {DNNL_ARG_WEIGHTS, Role::Input, b, b},
           {DNNL_ARG_DST, Role::Output, c, c}}};
}

/// oneDNN takes any strides, but computes some of them by its reference: plain loops.
static bool isFast(const dnnl::matmul::primitive_desc &primitive) {
  return std::string_view(primitive.impl_info_str()).find("ref") == std::string_view::npos;
}

static OneDnnPlan planStridedMatmul(const StridedMatmulShape &s) {
  const auto strided = [&s](int64_t rows, int64_t columns, memory::dims strides) {
    // The stride of a dimension of size 1 says nothing, but oneDNN takes it for the distance
    // between rows: here it is one that a matrix may have.
    int64_t &ofRows = strides[2], &ofColumns = strides[3];
    if (rows == 1)
      ofRows = ofColumns == 1 ? columns : 1;
    else if (columns == 1)
      ofColumns = ofRows == 1 ? rows : 1;
    return memory::desc({s.outer, s.inner, rows, columns}, memory::data_type::f32, strides);
  };
  const auto dense = [](const memory::desc &like) {
    return memory::desc(like.dims(), memory::data_type::f32, memory::format_tag::abcd);
  };
  const auto a = strided(s.m, s.k, {s.aOuter, s.aInner, s.aM, s.aK}),
             b = strided(s.k, s.n, {s.bOuter, s.bInner, s.bK, s.bN}),
             c = strided(s.m, s.n, {s.cOuter, s.cInner, s.cM, s.cN});
  const auto asKept = product(a, b, c);
  const bool fast = isFast(asKept);
  const auto wantedA = fast ? a : dense(a), wantedB = fast ? b : dense(b),
             wantedC = fast ? c : dense(c);
  return {"StridedMatmul",
          fast ? asKept : product(wantedA, wantedB, wantedC),
          {{DNNL_ARG_SRC, Role::Input, a, wantedA},
           {DNNL_ARG_WEIGHTS, Role::Input, b, wantedB},
           {DNNL_ARG_DST, Role::Output, c, wantedC}}};
}

Matmul::Matmul(const MatmulShape &shape) : OneDnnCall(planMatmul(shape)) {}
StridedMatmul::StridedMatmul(const StridedMatmulShape &shape)
    : OneDnnCall(planStridedMatmul(shape)) {}

void Matmul::operator()(const float *a, const float *b, float *c, void *workspace) const {
  run({a, b, c}, workspace);
}

void StridedMatmul::operator()(const float *a, const float *b, float *c,
                               void *workspace) const {
  run({a, b, c}, workspace);
}
