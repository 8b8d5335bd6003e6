// A program's own kernels: one for each of its chains of calls that work element by element, or
// for several that are alike. See runtime/cuda/ElementSteps.cuh for what their steps compute.
#ifndef AUTOPAR_COMPILER_EMIT_KERNELS_H
#define AUTOPAR_COMPILER_EMIT_KERNELS_H

#include "dialects/rt/Rt.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/DenseMap.h"

#include <string>
#include <vector>

namespace autopar::emit {

inline constexpr llvm::StringLiteral kernelsHeader = "kernels.h", kernelsSource = "kernels.cu";

class Kernels {
public:
  explicit Kernels(mlir::ModuleOp module);

  bool empty() const { return all.empty(); }
  /// The struct of a chain: `AddReluGrad`, after its steps.
  llvm::StringRef structOf(rt::CallOp chain) const { return all[ofChain.lookup(chain)].name; }
  /// Its members behind `count`, and the steps whose configuration each of them is.
  static std::vector<std::pair<std::string, rt::StepAttr>> members(rt::CallOp chain);

  /// The texts of kernels.h and kernels.cu.
  std::string header() const;
  std::string source() const;

private:
  /// Chains that differ in the numbers of elements and in configurations alone share one.
  struct Kernel {
    std::string name, formula;
    std::vector<std::string> members; ///< declarations
    std::string parameters;
    std::vector<std::string> body;
    std::vector<std::string> users; ///< names of the chains
  };

  std::vector<Kernel> all;
  llvm::DenseMap<mlir::Operation *, unsigned> ofChain;
};

} // namespace autopar::emit

#endif
