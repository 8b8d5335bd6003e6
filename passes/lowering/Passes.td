// From the network's operations to calls of a target's runtime. Included by passes/Passes.td.

#ifndef AUTOPAR_PASSES_LOWERING_TD
#define AUTOPAR_PASSES_LOWERING_TD

include "mlir/Pass/PassBase.td"

def LowerToCpu : Pass<"autopar-lower-to-cpu", "::mlir::ModuleOp"> {
  let summary = "makes each operation a call of the CPU runtime: oneDNN, own kernels, MPI";
  let description = [{
    Scratch memory is asked of the very runtime that emitted programs link, with the number of
    threads that a rank will have. Changes of shape become views, which cost nothing. Variables
    stay as they are until their memory is planned.

    ```mlir
    %y = graph.linear %x, %w                                            // before
       : (tensor<4x512xf32>, tensor<10x512xf32>) -> tensor<4x10xf32>
    %g = dist.all_reduce %part over {x} : (tensor<10x512xf32>) -> tensor<10x512xf32>

    %y = rt.call "LinearForward" {batch = 4 : i64, inputs = 512 : i64, outputs = 10 : i64}
         (%x, %w) workspace 8192                                        // after
       : (tensor<4x512xf32>, tensor<10x512xf32>) -> tensor<4x10xf32>
    %g = rt.call "AllReduce" {axes = array<i64: 0>} (%part) workspace 0
       : (tensor<10x512xf32>) -> tensor<10x512xf32>
    ```
  }];
  let options = [
    Option<"threads", "threads", "int64_t", "0",
           "threads of a rank; 0: this machine's cores, shared by the mesh's ranks">,
  ];
  let dependentDialects = ["::autopar::dist::DistDialect", "::autopar::rt::RtDialect"];
}

def LowerToCuda : Pass<"autopar-lower-to-cuda", "::mlir::ModuleOp"> {
  let summary = "makes each operation a call of the CUDA runtime: cuDNN, cuBLASLt, own kernels, NCCL";
  let description = [{
    As lower-to-cpu: calls have the same names and configurations. Scratch memory is what cuDNN's
    plan for `gpu` takes, built with no GPU at hand, and a place for the weights in the form that
    it wants.

    ```mlir
    %y = graph.conv2d %x, %w {padding = array<i64: 1, 1, 1, 1>}         // before
       : (tensor<8x32x32x64xf32>, tensor<64x64x3x3xf32>) -> tensor<8x32x32x64xf32>

    %y = rt.call "Conv2dForward" {batch = 8 : i64, height = 32 : i64, …} (%x, %w) workspace 147456
       : (tensor<8x32x32x64xf32>, tensor<64x64x3x3xf32>) -> tensor<8x32x32x64xf32>
    ```
  }];
  let options = [
    Option<"gpu", "gpu", "std::string", "\"h100\"",
           "the GPU to plan for: a100, h100, or a JSON file of its properties as cuDNN gives them">,
    Option<"deterministic", "deterministic", "bool", "false",
           "calls add up in the same order each time they run">,
  ];
  let dependentDialects = ["::autopar::dist::DistDialect", "::autopar::rt::RtDialect"];
}

def MergeUpdates : Pass<"autopar-merge-updates", "::mlir::ModuleOp"> {
  let summary = "updates many parameters in one call of the CUDA runtime";
  let description = [{
    An optimizer's updates become one call on a table of parameters, and so do the updates of batch
    norms' running statistics, the gradients of their parameters, the additions to totals of
    gradients, the zeros that these are set to and the squares that the norm of all gradients is
    made of. (SGD's updates without momentum stay as they are.) The gradients then
    live until the last of them is there: as many are merged as leave the fullest moment of the
    program as full as it is, and another call begins where one more would not.

    ```mlir
    %a.new, %am.new = rt.call "Sgd" {count = 4 : i64, …} (%a, %a.grad, %lr, %am) : …    // before
    …
    %b.new, %bm.new = rt.call "Sgd" {count = 9 : i64, …} (%b, %b.grad, %lr, %bm) : …

    …                                                                                    // after
    %a.new, %am.new, %b.new, %bm.new = rt.call "SgdAll" {count = array<i64: 4, 9>, …}
        (%a, %a.grad, %am, %b, %b.grad, %bm, %lr) : …
    ```
  }];
  let dependentDialects = ["::autopar::rt::RtDialect"];
}

def FuseNorms : Pass<"autopar-fuse-norms", "::mlir::ModuleOp"> {
  let summary = "gives convolutions the batch norms around them: statistics, relu, and gradients";
  let description = [{
    In f16 cuDNN sums what a convolution makes while it is at hand, normalizes what it reads on the
    way (also for the weights' gradient), and begins the gradient of a batch norm in that of the
    convolution behind it. So the normalized image is never in memory. In every precision, the
    gradient of a batch norm sees from its input where its relu was closed, not from the output; and
    where its gradient is a sum that has a relu to pass, as behind a residual, it is added up and
    masked once, while the batch norm's sums are made.
    What cuDNN has no plan for on the GPU that is planned for stays as it is.

    ```mlir
    %s = rt.call "BatchNormStats" {…} (%x) : …                                       // before
    %z = rt.call "BatchNormApply" {relu = true, …} (%x, %s, %gamma, %beta) : …
    %y = rt.call "Conv2dForward" {…} (%z, %w) : …
    %t = rt.call "BatchNormStats" {…} (%y) : …
    …
    %dz = rt.call "Conv2dInputGrad" {…} (%dy, %w) : …
    %dw = rt.call "Conv2dWeightGrad" {…} (%z, %dy) : …
    %ds = rt.call "BatchNormGradSums" {…} (%x, %s, %dz, %z) : …
    %dx = rt.call "BatchNormGradInput" {…} (%x, %s, %gamma, %ds, %dz, %z) : …

    %y, %t = rt.call "NormConv2dStats" {…} (%x, %s, %gamma, %beta, %w) : …           // after
    …
    %dz, %ds = rt.call "NormConv2dInputGrad" {…} (%dy, %w, %x, %s, %gamma, %beta) : …
    %dw = rt.call "NormConv2dWeightGrad" {…} (%x, %s, %gamma, %beta, %dy) : …
    %dx = rt.call "BatchNormGradInput" {…} (%x, %s, %gamma, %ds, %dz) : …
    ```
  }];
  let options = [
    Option<"gpu", "gpu", "std::string", "\"h100\"",
           "the GPU to plan for: a100, h100, or a JSON file of its properties as cuDNN gives them">,
  ];
  let dependentDialects = ["::autopar::rt::RtDialect"];
}

def FuseEpilogues : Pass<"autopar-fuse-epilogues", "::mlir::ModuleOp"> {
  let summary = "gives matrix products what stands around them: bias, GELU, residual, and gradients";
  let description = [{
    What reads a product once more, and nobody else reads, is done by cuBLASLt while the sums are at
    hand: a bias and what is added to that, a bias and a GELU (which also leaves what its gradient
    needs), the gradient of a GELU. A bias's gradient is summed beside its weight's, and a product
    that is added to something starts from it, as does the gradient of a layer normalization that is
    added to the residual's. GELU is the tanh approximation.

    ```mlir
    %p = rt.call "Matmul" {m = 128 : i64, …} (%x, %w) workspace … : …        // before
    %b = rt.call "BiasAdd" {…} (%p, %bias) : …
    %y = rt.call "Gelu" {tanh = true, …} (%b) : …
    …
    %d = rt.call "GeluGrad" {tanh = true, …} (%dy, %b) : …

    %y, %b = rt.call "MatmulBiasGeluAux" {m = 128 : i64, …} (%x, %w, %bias) workspace … : …    // after
    …
    ```
  }];
  let dependentDialects = ["::autopar::rt::RtDialect"];
}

def FuseChains : Pass<"autopar-fuse-chains", "::mlir::ModuleOp"> {
  let summary = "makes calls that work element by element, one on what the other makes, a call of one kernel";
  let description = [{
    What only the next such call reads is no longer written to memory and read back. The chain
    stands where its last call stood; where what the first reads would be held until there for more
    bytes than it makes, where the first stood; else the calls stay two. Between its steps numbers
    are f32, and not rounded to 16 bits.

    ```mlir
    %sum = rt.call "Add" {count = 8 : i64} (%a, %b) : …                          // before
    %dx = rt.call "ReluGrad" {count = 8 : i64} (%sum, %y) : …

    %dx = rt.call "Chain" {count = 8 : i64, steps = [#rt.step<"Add" {…} (0, 1)>,      // after
                                                     #rt.step<"ReluGrad" {…} (3, 2)>]} (%a, %b, %y) : …
    ```
  }];
  let dependentDialects = ["::autopar::rt::RtDialect"];
}

def VerifyCalls : Pass<"autopar-verify-calls", "::mlir::ModuleOp"> {
  let summary = "fails where anything but runtime calls, views and variables is left";
  let description = [{
    ```mlir
    %y = graph.relu %x : …            // error: is not a call of the runtime; …
    ```
  }];
}

#endif
