// See LinearPlans.h.
#include "autopar/cpu/LinearPlans.h"

using namespace autopar::cpu;
using dnnl::memory;
using Role = OneDnnPlan::Role;

/// [rows, columns], row by row.
static memory::desc matrix(int64_t rows, int64_t columns) {
  return {{rows, columns}, memory::data_type::f32, memory::format_tag::ab};
}

/// [rows, columns], kept as its transpose.
static memory::desc transposed(int64_t rows, int64_t columns) {
  return {{rows, columns}, memory::data_type::f32, memory::format_tag::ba};
}

static dnnl::matmul::primitive_desc product(const memory::desc &a, const memory::desc &b,
                                            const memory::desc &c) {
  return {{a, b, c}, callersScratchpad(), engine()};
}

OneDnnPlan autopar::cpu::planLinearForward(const char *call, const LinearShape &shape) {
  const auto [batch, inputs, outputs] = shape;
  const auto x = matrix(batch, inputs), w = transposed(inputs, outputs),
             y = matrix(batch, outputs);
  return {call,
          product(x, w, y),
          {{DNNL_ARG_SRC, Role::Input, x, x},
           {DNNL_ARG_WEIGHTS, Role::Input, w, w},
           {DNNL_ARG_DST, Role::Output, y, y}}};
}

OneDnnPlan autopar::cpu::planLinearInputGrad(const char *call, const LinearShape &shape) {
  const auto [batch, inputs, outputs] = shape;
  const auto dy = matrix(batch, outputs), w = matrix(outputs, inputs),
             dx = matrix(batch, inputs);
  return {call,
          product(dy, w, dx),
          {{DNNL_ARG_SRC, Role::Input, dy, dy},
           {DNNL_ARG_WEIGHTS, Role::Input, w, w},
           {DNNL_ARG_DST, Role::Output, dx, dx}}};
}

OneDnnPlan autopar::cpu::planLinearWeightGrad(const char *call, const LinearShape &shape) {
  const auto [batch, inputs, outputs] = shape;
  const auto x = matrix(batch, inputs), dy = transposed(outputs, batch),
             dw = matrix(outputs, inputs);
  return {call,
          product(dy, x, dw),
          {{DNNL_ARG_WEIGHTS, Role::Input, x, x},
           {DNNL_ARG_SRC, Role::Input, dy, dy},
           {DNNL_ARG_DST, Role::Output, dw, dw}}};
}
