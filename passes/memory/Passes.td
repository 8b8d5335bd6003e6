// From values to bytes of one arena. Included by passes/Passes.td.

#ifndef AUTOPAR_PASSES_MEMORY_TD
#define AUTOPAR_PASSES_MEMORY_TD

include "mlir/Pass/PassBase.td"

def PlanMemory : Pass<"autopar-plan-memory", "::mlir::ModuleOp"> {
  let summary = "gives every value and workspace its bytes of one arena";
  let description = [{
    A value lives from the call that makes it to the last that reads it; a result takes an
    operand's place where the call allows it and the operand is not read again. Variables come
    first in the arena, at the same offsets in every function; what else the functions need
    shares the space above, for they never run at once. A variable's new value is computed in the
    variable's own place where no later call reads the old one, and copied there otherwise.

    ```mlir
    %w = graph.variable parameter "w" : tensor<64xf32> = #graph.constant<0.0>      // before
    …
    %n = rt.call "Sgd" {count = 64 : i64, …} (%w, %g, %lr) : (…) -> tensor<64xf32>
    graph.assign "w" = %n : tensor<64xf32>

    %w = rt.slice "w" parameter at 0 live [0, 7) : memref<64xf32>                  // after
    %g = rt.slice "w.grad" gradient at 4096 live [6, 8) : memref<64xf32>
    %n = rt.slice "w.new" parameter at 0 live [7, 9) updates "w" : memref<64xf32>
    …
    rt.call "Sgd" {count = 64 : i64, …} (%w, %g, %lr) outs(%n) : …
    ```
  }];
  let options = [
    Option<"timeLimit", "time-limit", "double", "1.0",
           "seconds for the exact search, where greedy orders miss the lower bound">,
  ];
  let dependentDialects = ["::autopar::rt::RtDialect"];
}

def VerifyMemory : Pass<"autopar-verify-memory", "::mlir::ModuleOp"> {
  let summary = "fails where a call would read what another has overwritten";
  let description = [{
    Runs the planned calls on paper: which slice's value does each byte of the arena hold? It
    trusts nothing that the planner said of lifetimes.

    ```mlir
    %a = rt.slice "a" activation at 0 live [0, 3) : memref<64xf32>
    %b = rt.slice "b" activation at 0 live [1, 2) : memref<64xf32>
    …
    rt.call "Relu" {count = 64 : i64} (%a) …     // error: reads a, of which bytes [0, 256) hold b
    ```
  }];
}

#endif
