// See Roles.h.
#include "compiler/emit/Roles.h"

#include "dialects/graph/Names.h"

using namespace mlir;

namespace autopar::emit {

namespace {

struct Results {
  StringRef callee;
  SmallVector<StringRef, 3> roles;
};

} // namespace

StringRef roleOfResult(StringRef callee, unsigned result) {
  static const Results table[] = {
      {"LayerNorm", {"", "mean", "rstd"}},
      {"LayerNormGradParameters", {"weight", "bias"}},
      {"BatchNormGradParameters", {"weight", "bias"}},
      {"BatchNormRunning", {"mean", "var"}},
      {"BatchNormAddReluGradSums", {"", "sums"}},
      {"Conv2dStats", {"", "stats"}},
      {"NormConv2dStats", {"", "stats"}},
      {"NormConv2dInputGrad", {"", "sums"}},
      {"MaxPool", {"", "indices"}},
      {"Attention", {"", "lse"}},
      {"MatmulBiasGeluAux", {"", "input"}},
      {"MatmulSumA", {"", "sum"}},
      {"MatmulSumB", {"", "sum"}},
  };
  for (const Results &entry : table)
    if (entry.callee == callee && result < entry.roles.size())
      return entry.roles[result];
  return "";
}

RoleNames::RoleNames(func::FuncOp function) {
  for (rt::CallOp call : function.getOps<rt::CallOp>())
    callees.try_emplace(nameOf(call.getOperation()), call.getCallee());
}

std::string RoleNames::operator()(StringRef name) const {
  auto [head, tail] = name.split('#');
  unsigned result;
  auto callee = callees.find(head);
  if (callee == callees.end() || tail.consumeInteger(10, result))
    return name.str();
  StringRef role = roleOfResult(callee->second, result);
  return role.empty() ? name.str() : (head + "." + role + tail).str();
}

} // namespace autopar::emit
