// See Roles.h.
#include "compiler/emit/Roles.h"

#include "compiler/emit/Slices.h"
#include "dialects/graph/Names.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace autopar::emit {

namespace {

struct Results {
  StringRef callee;
  SmallVector<StringRef, 3> roles;
};

} // namespace

/// `all_reduce` for `AllReduce`
static std::string snakeCase(StringRef name) {
  std::string snake;
  for (char c : name) {
    if (llvm::isUpper(c) && !snake.empty())
      snake += '_';
    snake += llvm::toLower(c);
  }
  return snake;
}

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

ValueNames::ValueNames(func::FuncOp function) {
  for (rt::CallOp call : function.getOps<rt::CallOp>())
    callees.try_emplace(nameOf(call.getOperation()), call.getCallee());
  for (rt::SliceOp slice : function.getOps<rt::SliceOp>())
    names[slice] = withRole(slice.getName());
  for (rt::CallOp call : function.getOps<rt::CallOp>())
    if (call.isCollective() && call.getOuts().size() > 1)
      for (auto [in, out] : llvm::zip(call.getInputs(), call.getOuts()))
        // What has no number has a name of its own: a gradient's.
        if (rt::SliceOp made = sliceOf(out); StringRef(made.getName()).contains('#'))
          names[made] = names.at(sliceOf(in)) + "." + snakeCase(call.getCallee());
}

std::string ValueNames::operator()(rt::CallOp call) const {
  return withRole(nameOf(call.getOperation()));
}

std::string ValueNames::withRole(StringRef name) const {
  auto [head, tail] = name.split('#');
  unsigned result;
  auto callee = callees.find(head);
  if (callee == callees.end() || tail.consumeInteger(10, result))
    return name.str();
  StringRef role = roleOfResult(callee->second, result);
  return role.empty() ? name.str() : (head + "." + role + tail).str();
}

} // namespace autopar::emit
