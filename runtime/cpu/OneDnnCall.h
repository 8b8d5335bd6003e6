// What all calls into oneDNN have in common: a primitive that is chosen when the call is
// constructed, built when it is first needed, and run on the caller's memory. Headers stay free
// of dnnl.hpp, so that emitted programs compile quickly.
#ifndef AUTOPAR_RUNTIME_CPU_ONEDNNCALL_H
#define AUTOPAR_RUNTIME_CPU_ONEDNNCALL_H

#include <cstddef>
#include <initializer_list>
#include <memory>

namespace autopar::cpu {

class OneDnnPlan;

class OneDnnCall {
public:
  /// Bytes of scratch memory a run needs: oneDNN's own, and room for operands that the chosen
  /// implementation wants in another layout than the plain one they are kept in.
  size_t workspaceBytes() const;

  /// Checks the planned workspace and builds the primitive (oneDNN generates code for it),
  /// after which a run sets nothing up. \throws std::runtime_error when `planned` bytes are too
  /// few here; see requireWorkspace.
  void requireWorkspace(size_t planned) const;

protected:
  explicit OneDnnCall(OneDnnPlan plan);
  ~OneDnnCall();
  OneDnnCall(OneDnnCall &&) noexcept;

  /// Runs on the operands in the plan's order. One call is not to be run by two threads at
  /// once.
  void run(std::initializer_list<const void *> operands, void *workspace) const;

private:
  std::unique_ptr<OneDnnPlan> plan;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_ONEDNNCALL_H
