// Batch normalization: as the model has it, and in the parts that training is made of. The parts
// meet at sums over the batch, so that a split batch shows as an unreduced value like any other.

include "dialects/graph/GraphDialect.td"

def BatchNormOp : Graph_Op<"batch_norm", [Pure, AllTypesMatch<["input", "output"]>,
    DeclareOpInterfaceMethods<ModelOpInterface>]> {
  let summary = "batch normalization, as a model has it";
  let description = [{
    `momentum` weighs the new statistics in the running ones (PyTorch's convention). The running
    statistics must be `graph.variable state` values.

    ```mlir
    %y = graph.batch_norm %x, %gamma, %beta, %mean, %var {epsilon = 1.0e-5, momentum = 0.1}
       : (tensor<8x32x32x64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>,
          tensor<64xf32>) -> tensor<8x32x32x64xf32>
    ```
  }];
  let arguments = (ins Image:$input, Channels:$gamma, Channels:$beta,
                       Channels:$running_mean, Channels:$running_var,
                       DefaultValuedAttr<RealAtLeastZero, "1.0e-5">:$epsilon,
                       DefaultValuedAttr<Share, "0.1">:$momentum);
  let results = (outs Image:$output);
  let hasVerifier = 1;
}

class Graph_NormOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, traits # [
        DeclareOpInterfaceMethods<WorkOpInterface, ["getFlops"]>,
        DeclareOpInterfaceMethods<ShardableOpInterface>]> {
  let hasVerifier = 1;
}

def BatchNormStatsOp : Graph_NormOp<"batch_norm_stats", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "sum and sum of squares of each channel, in double precision";
  let description = [{
    ```mlir
    %stats = graph.batch_norm_stats %x : (tensor<8x32x32x64xf32>) -> tensor<2x64xf64>
    ```
  }];
  let arguments = (ins Image:$input);
  let results = (outs ChannelSums:$stats);
}

def BatchNormApplyOp : Graph_NormOp<"batch_norm_apply", [AllTypesMatch<["input", "output"]>,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "normalizes with the batch's statistics; adds a residual and applies relu if told";
  let description = [{
    `count` is the number of rows (N·H·W) of the whole batch that `stats` were summed over.
    Its gradient includes the path through the statistics, which are those of `input`.

    ```mlir
    %y = graph.batch_norm_apply %x, %stats, %gamma, %beta {count = 8192 : i64, epsilon = 1.0e-5}
       : (tensor<8x32x32x64xf32>, tensor<2x64xf64>, tensor<64xf32>, tensor<64xf32>)
       -> tensor<8x32x32x64xf32>
    ```
  }];
  let arguments = (ins Image:$input, ChannelSums:$stats, Channels:$gamma, Channels:$beta,
                       Optional<Image>:$residual,
                       Count:$count, RealAtLeastZero:$epsilon, UnitAttr:$relu);
  let results = (outs Image:$output);
}

def BatchNormGradSumsOp : Graph_NormOp<"batch_norm_grad_sums", [
    AllTypesMatch<["input", "output_grad"]>,
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "sums of dz and of dz·x̂ over each channel, dz being the masked output gradient";
  let description = [{
    `mask`, where given, is the output of the relu that followed: dz = dy where it is positive.

    ```mlir
    %sums = graph.batch_norm_grad_sums %x, %stats, %dy {count = 8192 : i64, epsilon = 1.0e-5}
          : (tensor<8x32x32x64xf32>, tensor<2x64xf64>, tensor<8x32x32x64xf32>)
          -> tensor<2x64xf64>
    ```
  }];
  let arguments = (ins Image:$input, ChannelSums:$stats, Image:$output_grad,
                       Optional<Image>:$mask, Count:$count, RealAtLeastZero:$epsilon);
  let results = (outs ChannelSums:$sums);
}

def BatchNormGradInputOp : Graph_NormOp<"batch_norm_grad_input", [
    AllTypesMatch<["input", "output_grad", "input_grad"]>]> {
  let summary = "gradient by the input of a batch norm, from the batch's sums";
  let description = [{
    ```mlir
    %dx = graph.batch_norm_grad_input %x, %stats, %gamma, %sums, %dy
          {count = 8192 : i64, epsilon = 1.0e-5}
        : (tensor<8x32x32x64xf32>, tensor<2x64xf64>, tensor<64xf32>, tensor<2x64xf64>,
           tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
    ```
  }];
  let arguments = (ins Image:$input, ChannelSums:$stats, Channels:$gamma, ChannelSums:$sums,
                       Image:$output_grad, Optional<Image>:$mask,
                       Count:$count, RealAtLeastZero:$epsilon);
  let results = (outs Image:$input_grad);
}

def BatchNormGradParametersOp : Graph_NormOp<"batch_norm_grad_parameters", [
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "gradients of gamma and beta, read from the sums";
  let description = [{
    ```mlir
    %dgamma, %dbeta = graph.batch_norm_grad_parameters %sums
        : (tensor<2x64xf64>) -> (tensor<64xf32>, tensor<64xf32>)
    ```
  }];
  let arguments = (ins ChannelSums:$sums);
  let results = (outs Channels:$gamma_grad, Channels:$beta_grad);
}

def BatchNormRunningOp : Graph_NormOp<"batch_norm_running", [
    AllTypesMatch<["mean", "new_mean"]>, AllTypesMatch<["var", "new_var"]>]> {
  let summary = "the running statistics after this batch (unbiased variance)";
  let description = [{
    ```mlir
    %m1, %v1 = graph.batch_norm_running %stats, %m0, %v0 {count = 8192 : i64, momentum = 0.1}
        : (tensor<2x64xf64>, tensor<64xf32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>)
    ```
  }];
  let arguments = (ins ChannelSums:$stats, Channels:$mean, Channels:$var,
                       Count:$count, Share:$momentum);
  let results = (outs Channels:$new_mean, Channels:$new_var);
}

def BatchNormInferenceOp : Graph_NormOp<"batch_norm_inference", [
    AllTypesMatch<["input", "output"]>]> {
  let summary = "normalizes with the running statistics";
  let description = [{
    ```mlir
    %y = graph.batch_norm_inference %x, %gamma, %beta, %mean, %var {epsilon = 1.0e-5}
       : (tensor<8x32x32x64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>,
          tensor<64xf32>) -> tensor<8x32x32x64xf32>
    ```
  }];
  let arguments = (ins Image:$input, Channels:$gamma, Channels:$beta, Channels:$mean,
                       Channels:$var, Optional<Image>:$residual, RealAtLeastZero:$epsilon,
                       UnitAttr:$relu);
  let results = (outs Image:$output);
}
