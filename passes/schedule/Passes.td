// Communication beside computation. Included by passes/Passes.td.

#ifndef AUTOPAR_PASSES_SCHEDULE_TD
#define AUTOPAR_PASSES_SCHEDULE_TD

include "mlir/Pass/PassBase.td"

def ScheduleCommunication : Pass<"autopar-schedule-communication", "::mlir::ModuleOp"> {
  let summary = "orders the step so that collectives run beside computation";
  let description = [{
    For targets with a stream for communication. There a collective runs from where it stands until
    its result is read, so what has nothing to do with it goes between: the gradients of earlier
    layers beside the sum of a later one's, updates behind them; a layer's weights are gathered beside
    the layer before. The order is the best found by predicted time on two streams (compiler/solvers/schedule),
    and holds no more than the given one and `spare` bytes.

    ```mlir
    %dw2 = graph.linear_weight_grad %x2, %dy2                           // before
    %s2 = dist.all_reduce %dw2 over {x}
    %w2.new = graph.sgd %w2, %s2, %learning_rate
    %dx2 = graph.linear_input_grad %dy2, %w2
    %dw1 = graph.linear_weight_grad %x1, %dx2

    %dw2 = graph.linear_weight_grad %x2, %dy2                           // after
    %s2 = dist.all_reduce %dw2 over {x}
    %dx2 = graph.linear_input_grad %dy2, %w2                            // beside it
    %dw1 = graph.linear_weight_grad %x1, %dx2
    %w2.new = graph.sgd %w2, %s2, %learning_rate                        // waits for it
    ```
  }];
  let options = [
    Option<"device", "device", "std::string", "\"cpu\"", "device model: a preset or a file">,
    Option<"spare", "spare", "int64_t", "0",
           "bytes that values may hold beyond what they do in the given order">,
  ];
}

#endif
