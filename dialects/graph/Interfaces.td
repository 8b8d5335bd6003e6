// What the passes ask of an operation, instead of switching over operations.

#ifndef AUTOPAR_GRAPH_INTERFACES_TD
#define AUTOPAR_GRAPH_INTERFACES_TD

include "mlir/IR/OpBase.td"

def DifferentiableOpInterface : OpInterface<"DifferentiableOpInterface"> {
  let cppNamespace = "::autopar::graph";
  let description = [{
    Builds the operations that carry a gradient from the results to the operands.
  }];
  let methods = [InterfaceMethod<
    [{Emits the backward operations. Asks `gradients` for the gradient of each result and adds
      one for each operand that wants it.}],
    "void", "buildGradient", (ins "::autopar::graph::Gradients &":$gradients)>];
}

def ModelOpInterface : OpInterface<"ModelOpInterface"> {
  let cppNamespace = "::autopar::graph";
  let description = [{
    An operation that reads differently in training and in evaluation (batch norm, dropout): it
    is rewritten into one of the two forms when the functions are made.
  }];
  let methods = [
    InterfaceMethod<"Emits the training form and replaces the operation, or makes it that form.",
      "void", "toTraining", (ins "::mlir::OpBuilder &":$builder)>,
    InterfaceMethod<"The same for the evaluation form.",
      "void", "toEvaluation", (ins "::mlir::OpBuilder &":$builder)>,
  ];
}

def LossOpInterface : OpInterface<"LossOpInterface"> {
  let cppNamespace = "::autopar::graph";
  let description = [{
    A number to be made small. At the end of a model its own gradient is one, or the loss scale;
    where something else is computed of it, whatever comes from there.
  }];
  let methods = [InterfaceMethod<
    "Emits the count of right answers, as a scalar, for evaluation; null where none is counted.",
    "::mlir::Value", "countCorrect", (ins "::mlir::OpBuilder &":$builder)>,
    InterfaceMethod<
    [{The count of the labels that its mean is taken over, as a scalar; null where the mean is
      over all.}],
    "::mlir::Value", "countKept", (ins), [{}], [{ return {}; }]>,
    InterfaceMethod<
    [{Makes it the share of one of so many micro-batches: their losses add up to the mean. Fails
      with an error where a step would count more than limits::count.}],
    "::llvm::LogicalResult", "spreadOver", (ins "int64_t":$microBatches), [{}], [{
      if (microBatches > ::autopar::limits::count / $_op.getCount())
        return $_op.emitOpError("counts ")
               << $_op.getCount() << " in each of " << microBatches
               << " micro-batches; a step counts up to " << ::autopar::limits::count;
      $_op.setCount($_op.getCount() * microBatches);
      return ::llvm::success();
    }]>];
}

def OptimizerAttrInterface : AttrInterface<"OptimizerAttrInterface"> {
  let cppNamespace = "::autopar::graph";
  let description = [{
    The module's `graph.optimizer`: makes each parameter's update.
  }];
  let methods = [
    InterfaceMethod<
      [{Emits the operations that give `parameter`, a graph.variable, its next value, with the
        slots they keep, and the assignments of both.}],
      "void", "emitUpdate", (ins "::mlir::OpBuilder &":$builder,
                                 "::mlir::Operation *":$parameter,
                                 "::mlir::Value":$gradient,
                                 "const ::autopar::graph::UpdateOperands &":$shared)>,
    InterfaceMethod<
      [{The slot that counts the updates, on whose number they depend; empty where they do
        not.}],
      "::llvm::StringRef", "stepsName", (ins), [{}], [{ return ""; }]>,
    InterfaceMethod<
      "What the norm of all gradients together is clipped to; 0 where it may be any.",
      "double", "largestNorm", (ins), [{}], [{ return 0; }]>,
    InterfaceMethod<"The learning rate to begin with.", "double", "startingLearningRate">,
  ];
}

def RandomOpInterface : OpInterface<"RandomOpInterface"> {
  let cppNamespace = "::autopar::graph";
  let description = [{
    Draws random numbers keyed by seed, step, site and the element's index in the whole tensor:
    the same ones on every mesh and however often they are drawn. `differentiate` numbers the
    sites; a gradient draws again at its operation's site.
  }];
  let methods = [InterfaceMethod<"Gives the operation a site that no other one has.",
                                 "void", "setSiteNumber", (ins "int64_t":$site)>];
}

def UpdateOpInterface : OpInterface<"UpdateOpInterface"> {
  let cppNamespace = "::autopar::graph";
  let description = [{
    Belongs to the update of parameters: only assignments and other updates wait for it.
  }];
}

def ShardableOpInterface : OpInterface<"ShardableOpInterface"> {
  let cppNamespace = "::autopar::graph";
  let description = [{
    The einsum-like rule from which all ways to split the operation follow.
  }];
  let methods = [
    InterfaceMethod<"The factors, and where they stand.",
      "::autopar::ShardingRule", "getShardingRule">,
    InterfaceMethod<
      [{Called on the copy that has local operand and result types: mends attributes that follow
        from shapes (a convolution's groups). `whole` is the operation it was copied from.}],
      "void", "localize", (ins "::mlir::Operation *":$whole), [{}], [{ return; }]>,
    InterfaceMethod<
      [{Called before the operation is split over `mesh`: fits results whose size is up to the
        ranks.}],
      "void", "fitTo", (ins "const ::autopar::Mesh &":$mesh), [{}], [{ return; }]>,
  ];
}

def WorkOpInterface : OpInterface<"WorkOpInterface"> {
  let cppNamespace = "::autopar::graph";
  let description = [{
    How much the operation computes and moves; a device model makes seconds of it.
  }];
  let methods = [
    InterfaceMethod<"Floating-point operations at the operation's own shapes.",
      "double", "getFlops", (ins), [{}], [{
        if ($_op.isView())
          return 0;
        double elements = 0;
        for (::mlir::Type type : $_op->getResultTypes())
          elements += ::llvm::cast<::mlir::ShapedType>(type).getNumElements();
        return elements;
      }]>,
    InterfaceMethod<"How often each operand and result is read or written in memory.",
      "double", "getPasses", (ins), [{}], [{ return $_op.isView() ? 0 : 1; }]>,
    InterfaceMethod<
      [{Whether the result is the operand's memory under another shape: nothing is computed and
        nothing moves.}],
      "bool", "isView", (ins), [{}], [{ return false; }]>,
  ];
}

#endif
