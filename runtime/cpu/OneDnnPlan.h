// One oneDNN primitive on operands that are kept in plain layouts. Where the chosen
// implementation wants an operand blocked (weights, mostly), the plan reorders it through the
// workspace:
//
//   workspace = [ scratchpad shared by all steps | blocked operand | blocked operand | ... ]
//   run       = reorder inputs, primitive, reorder outputs
#ifndef AUTOPAR_RUNTIME_CPU_ONEDNNPLAN_H
#define AUTOPAR_RUNTIME_CPU_ONEDNNPLAN_H

#include <dnnl.hpp>

#include <initializer_list>
#include <vector>

namespace autopar::cpu {

/// The process's CPU engine.
const dnnl::engine &engine();

/// Attributes of every primitive here: scratch memory is the caller's.
dnnl::primitive_attr callersScratchpad();

class OneDnnPlan {
public:
  enum class Role { Input, Output };

  struct Operand {
    int argument;              ///< DNNL_ARG_SRC, ...
    Role role;                 ///< What a run does with it.
    dnnl::memory::desc kept;   ///< How the caller keeps it.
    dnnl::memory::desc wanted; ///< What the primitive works on.
  };

  /// `call` names the plan in errors. `primitive` must have been made with callersScratchpad().
  OneDnnPlan(const char *call, const dnnl::primitive_desc &primitive,
             std::initializer_list<Operand> operands);

  const char *name() const { return call; }
  size_t workspaceBytes() const { return bytes; }

  /// Generates the primitive's code, unless that is done.
  void build();

  /// `pointers`: one an operand, in the constructor's order. `workspace`: workspaceBytes()
  /// bytes at a multiple of `alignment`.
  void run(std::initializer_list<const void *> pointers, void *workspace);

private:
  /// A primitive with its arguments. The memory objects are made once; a run only points them
  /// elsewhere, so that it allocates nothing on our side.
  struct Step {
    dnnl::primitive_desc_base description;
    dnnl::primitive primitive;
    dnnl::memory scratchpad;
    std::vector<dnnl_exec_arg_t> arguments;

    explicit Step(const dnnl::primitive_desc_base &description);
    void bind(int argument, const dnnl::memory &memory);
    void run(void *workspace);
  };

  struct Bound {
    dnnl::memory kept;
    dnnl::memory blocked; ///< Empty where the primitive works on the kept layout.
    size_t offset;        ///< Of `blocked` in the workspace.
  };

  const char *call;
  size_t bytes = 0;
  bool built = false;
  std::vector<Step> steps;
  std::vector<Bound> bound;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_ONEDNNPLAN_H
