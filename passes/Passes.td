// The passes, in the order of the pipeline (compiler/driver/Pipeline.cpp).

#ifndef AUTOPAR_PASSES_TD
#define AUTOPAR_PASSES_TD

include "mlir/Pass/PassBase.td"

def VerifyModel : Pass<"autopar-verify-model", "::mlir::ModuleOp"> {
  let summary = "fails where a model cannot be counted, named or kept";
  let description = [{
    Operations see to it that a value is within the limits (dialects/dist/Limits.h); here all
    values of a program are added up, so that later sums of bytes fit 64 bits. Names are such as
    programs, reports and files can hold, and a variable is read once, and one thing in all functions.

    ```mlir
    func.func @model(%x: tensor<0x8xf32>)        // error: every dimension is from 1 to 2147483647
    ```
  }];
}

def NameValues : Pass<"autopar-name-values", "::mlir::ModuleOp"> {
  let summary = "gives every operation a name of its own, in its location";
  let description = [{
    Plans, reports and emitted code call values by name. What the model names is kept; an
    operation without a name is called after its kind, and a second one of the same name gets a
    number.

    ```mlir
    %0 = graph.relu %x : …                       // before
    %0 = graph.relu %x : … loc("relu")           // after
    ```
  }];
}

def SetPrecision : Pass<"autopar-set-precision", "::mlir::ModuleOp"> {
  let summary = "makes activations 16-bit numbers; parameters, statistics and losses stay f32";
  let description = [{
    What the model reads is cast; every operation then says itself what its results are. Weights
    stay f32, the master copy that the optimizer updates: products round them where they are
    read, and give their gradients in f32. What a lookup finds is cast as well.

    ```mlir
    func.func @model(%images: tensor<8x32x32x3xf32>, …) {              // before
      %y = graph.conv2d %images, %w : (tensor<8x32x32x3xf32>, tensor<64x3x3x3xf32>)
         -> tensor<8x32x32x64xf32>

    func.func @model(%images: tensor<8x32x32x3xf32>, …) {              // after, in bf16
      %x = graph.cast %images : (tensor<8x32x32x3xf32>) -> tensor<8x32x32x3xbf16>
      %y = graph.conv2d %x, %w : (tensor<8x32x32x3xbf16>, tensor<64x3x3x3xf32>)
         -> tensor<8x32x32x64xbf16>
    ```

    With tf32 the types stay as they are, and the module's `graph.tf32` tells the target that
    products may round their factors.
  }];
  let options = [
    Option<"precision", "precision", "std::string", "\"f32\"", "f32, tf32, bf16 or fp16">,
  ];
}

def DeriveEvaluation : Pass<"autopar-derive-evaluation", "::mlir::ModuleOp"> {
  let summary = "copies @model to @evaluate: running statistics, loss and right answers";
  let description = [{
    ```mlir
    func.func @evaluate(%images, %labels)
        -> (tensor<f32> {graph.output = "loss"}, tensor<f32> {graph.output = "correct"}) {
      …
      %y = graph.batch_norm_inference %x, %gamma, %beta, %mean, %var {epsilon = 1.0e-5} : …
      …
      %correct = graph.count_correct %logits, %labels : …
      return %loss, %correct
    }
    ```
  }];
}

def Differentiate : Pass<"autopar-differentiate", "::mlir::ModuleOp"> {
  let summary = "turns @model into @step: forward, backward and update in one function";
  let description = [{
    Reverse-mode differentiation, an operation at a time: each emits its own gradient. A
    parameter is updated as soon as its gradient is complete, so that gradients live briefly.

    ```mlir
    %y = graph.linear %x, %w : …                 // before
    return %loss

    %y = graph.linear %x, %w : …                 // after
    …
    %w.grad = graph.linear_weight_grad %x, %y.grad : …
    %w.new, %m.new = graph.sgd %w, %w.grad, %learning_rate, %m {momentum = 0.9} : …
    graph.assign "w" = %w.new : …
    ```

    With micro-batches a step adds its gradients to totals that stay, and @update, which runs once
    for all of them, takes the totals for gradients and sets them back to zero.

    ```mlir
    %total.new = graph.accumulate %total, %w.grad : …         // in @step
    graph.assign "w.total_grad" = %total.new : …
    ```

    With a loss scale the gradient of the loss is multiplied by it, so that gradients of f16
    activations do not vanish. Updates wait for all gradients and take the scale back; where one
    is not finite they change nothing, and the scale is halved. AdamW does not count such steps.

    ```mlir
    %d = graph.softmax_cross_entropy_grad %logits, %labels, %loss_scale : …
    …
    %f = graph.unscale_factor %gradients.squares, %loss_scale : …
    %s, %n = graph.next_loss_scale %loss_scale, %good_steps, %f : …
    %w.new, %m.new = graph.sgd %w, %w.grad, %learning_rate, %m by %f : …
    ```
  }];
  let options = [
    Option<"microBatches", "micro-batches", "int64_t", "1",
           "batches whose gradients are added up before parameters are updated">,
    Option<"lossScale", "loss-scale", "double", "0",
           "what the loss's gradient is multiplied by at first; 0: nothing">,
  ];
}

def FuseElementwise : Pass<"autopar-fuse-elementwise", "::mlir::ModuleOp"> {
  let summary = "folds residual additions and relus into the batch norms before them";
  let description = [{
    One pass over memory in place of three. In the backward pass the relu's mask is read where
    the gradient is used, unless others need the masked gradient too.

    ```mlir
    %z = graph.batch_norm_apply %c, %stats, %gamma, %beta {…}        // before
    %s = graph.add %z, %identity
    %y = graph.relu %s

    %y = graph.batch_norm_apply %c, %stats, %gamma, %beta, %identity {relu, …}   // after
    ```
  }];
}

def VerifyTrainingStep : Pass<"autopar-verify-training-step", "::mlir::ModuleOp"> {
  let summary = "fails where a training step has anything of a model left, or cannot be planned";
  let description = [{
    Behind differentiation @step is there and @model is not; it is of a size that can be counted; every operation has a sharding rule;
    every value has a name of its own; a variable is one thing in all functions, is read once and
    assigned once in each, a value of its own type; results are numbers.

    ```mlir
    func.func @step(…) {
      %y = graph.batch_norm %x, …     // error: is left in @step; behind differentiation only …
    ```
  }];
}

def SolveSharding : Pass<"autopar-solve-sharding", "::mlir::ModuleOp"> {
  let summary = "chooses where every value lies: rules, problem, CBC, plan";
  let description = [{
    Each operation's strategies follow from its sharding rule. Choosing one for each at the least
    predicted time, within the memory limit at every moment of the step, is an integer program
    (docs/ShardingIlp.md). The answer is written on the operations:

    ```mlir
    %y = graph.linear %x, %w                                            // before
       : (tensor<8x512xf32>, tensor<10x512xf32>) -> tensor<8x10xf32>

    %y = graph.linear %x, %w {dist.plan = {                             // after
           operands = [#dist.sharding<[{x}, {} ]>, #dist.sharding<[{}, {} ]>],
           results = [#dist.sharding<[{x}, {} ]>], kept = [#dist.sharding<[{x}, {} ]>]}}
       : (tensor<8x512xf32>, tensor<10x512xf32>) -> tensor<8x10xf32>
    ```
  }];
  let dependentDialects = ["::autopar::dist::DistDialect"];
  let options = [
    Option<"mesh", "mesh", "std::string", "\"\"",
           "mesh such as 2x2; the module's dist.mesh where not given">,
    Option<"device", "device", "std::string", "\"cpu\"", "device model: a preset or a file">,
    Option<"memoryLimit", "memory-limit", "int64_t", "0", "bytes a rank may hold; 0: the device's but what its model reserves">,
    Option<"timeLimit", "time-limit", "double", "60.0",
           "seconds of processor time for the solver">,
    Option<"planIn", "plan-in", "std::string", "\"\"", "plan to keep to">,
    Option<"planOut", "plan-out", "std::string", "\"\"", "where to save the plan">,
    Option<"problemOut", "problem-out", "std::string", "\"\"", "where to save the problem">,
  ];
}

def VerifyPlan : Pass<"autopar-verify-plan", "::mlir::ModuleOp"> {
  let summary = "fails where a value has no sharding, or one that its operation cannot give it";
  let description = [{
    Each axis of the mesh goes to one factor of an operation's sharding rule, or to none, on all its
    operands and results alike; what is split divides. A sum is left open only by who makes it. A
    variable lies as every other function finds it, and is assigned as it lies; inputs are whole
    or split along their batch, results whole.

    ```mlir
    %y = graph.linear %x, %w {dist.plan = {   // error: is planned as S0R = S0R x S0R; its sharding
           operands = [#dist.sharding<[{x}, {} ]>, #dist.sharding<[{x}, {} ]>],  // rule has no such
           results = [#dist.sharding<[{x}, {} ]>], …}}                           // use of axis x
    ```
  }];
}

def Partition : Pass<"autopar-partition", "::mlir::ModuleOp"> {
  let summary = "makes the program of one rank: local shapes and explicit collectives";
  let description = [{
    Where a value is kept in one sharding and read in another, the cheapest path of collectives
    and local slices stands between.

    ```mlir
    %dw = graph.linear_weight_grad %x, %dy {dist.plan = …}              // before
        : (tensor<8x512xf32>, tensor<8x10xf32>) -> tensor<10x512xf32>

    %part = graph.linear_weight_grad %x, %dy                            // after, on 2 ranks
          : (tensor<4x512xf32>, tensor<4x10xf32>) -> tensor<10x512xf32>
    %dw = dist.all_reduce %part over {x} : (tensor<10x512xf32>) -> tensor<10x512xf32>
    ```

    Readers that want the same form share it. That saves time and costs memory where they stand far
    apart, the one in the forward pass and the other in the backward; `share-within` limits it to
    readers so many operations apart, and the form is made again for others.
  }];
  let dependentDialects = ["::autopar::dist::DistDialect"];
  let options = [
    Option<"device", "device", "std::string", "\"cpu\"", "device model: a preset or a file">,
    Option<"shareWithin", "share-within", "int64_t", "1000000000",
           "operations between readers that share a resharded value">,
  ];
}

def BucketCollectives : Pass<"autopar-bucket-collectives", "::mlir::ModuleOp"> {
  let summary = "reduces the gradients of neighbouring layers in one call";
  let description = [{
    Collectives that only updates wait for are held back and called together, as soon as a bucket
    has `bucket-bytes` (PyTorch DDP's idea): a latency a bucket in place of a latency a parameter.

    ```mlir
    %a = dist.all_reduce %ga over {x} : …                               // before
    %b = dist.all_reduce %gb over {x} : …

    %a, %b = dist.all_reduce %ga, %gb over {x} : …                      // after
    ```
  }];
  let dependentDialects = ["::autopar::dist::DistDialect"];
  let options = [
    Option<"bucketBytes", "bucket-bytes", "int64_t", "26214400", "bytes in a bucket">,
  ];
}

def Rematerialize : Pass<"autopar-rematerialize", "::mlir::ModuleOp"> {
  let summary = "computes activations again rather than keep them, until the step fits";
  let description = [{
    Which values of the forward pass to drop and when to make them again is the problem of
    compiler/solvers/remat, solved with the predicted seconds of this rank's operations; collectives are
    operations like others. A clone is the same operation on the same values, so results are equal
    bit for bit. `budget` is for activations, gradients, communication and inputs; variables, which
    stay in memory throughout, are not part of it. Bytes are counted as the memory plan will: results
    in the place of an operand, views, and a variable's next value take none.

    ```mlir
    %y = graph.relu %x : …                       // before: %y lives until the backward pass
    …
    %dx = graph.relu_grad %dy, %y : …

    %y = graph.relu %x : …                       // after: %y is dropped, and made again
    …
    %y.again = graph.relu %x : …
    %dx = graph.relu_grad %dy, %y.again : …
    ```
  }];
  let options = [
    Option<"device", "device", "std::string", "\"cpu\"", "device model: a preset or a file">,
    Option<"budget", "budget", "int64_t", "0", "bytes for what does not stay throughout">,
    Option<"timeLimit", "time-limit", "double", "10.0",
           "seconds of processor time for the solver">,
    Option<"leastPeak", "least-peak", "bool", "false",
           "where no schedule fits, take the one of least peak rather than fail">,
    Option<"alignment", "alignment", "int64_t", "64", "bytes that each value is rounded up to">,
  ];
}

include "passes/schedule/Passes.td"

def VerifySpmd : Pass<"autopar-verify-spmd", "::mlir::ModuleOp"> {
  let summary = "fails where a program is not one rank's: a plan, a shape that is not local";
  let description = [{
    Behind partitioning no plan is left; inputs and variables say how they lie in the whole, alike
    in all functions, and have the shapes that follow; a variable is assigned a value of its local
    shape; what an operation is told to be a part of is one of its tensors. (That a collective's
    group and shapes fit is seen by its own verifier.)

    ```mlir
    %w = graph.variable parameter "w" : tensor<10x512xf32> = … {    // error: is tensor<10x512xf32>
           dist.sharding = #dist.sharding<[{x}, {} ]>,              // of tensor<10x512xf32>; …
           dist.global = tensor<10x512xf32>}
    ```
  }];
}

include "passes/lowering/Passes.td"
include "passes/memory/Passes.td"

#endif
