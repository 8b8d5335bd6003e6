// Loss scaling, without which gradients of f16 activations would vanish: the loss's gradient is
// multiplied by a scale that the updates take back, and a step whose gradients are not all finite
// is skipped. As torch.cuda.amp.GradScaler does it.

include "dialects/graph/GraphDialect.td"

def UnscaleFactorOp : Graph_GradientNormOp<"unscale_factor", [WorkOpInterface]> {
  let summary = "what gradients of a scaled loss are multiplied by; 0 where they are not finite";
  let description = [{
    1 / scale; with `maximum` less, so that the norm of the gradients of the loss itself is at
    most that (see graph.clip_factor). An update by 0 leaves everything as it was.

    ```mlir
    %f = graph.unscale_factor %squares, %scale {maximum = 1.0}
       : (tensor<f64>, tensor<f32>) -> tensor<f32>
    ```
  }];
  let arguments = (ins DoubleScalar:$square_sum, Scalar:$scale, OptionalAttr<RealAboveZero>:$maximum);
  let results = (outs Scalar:$factor);
}

def NextLossScaleOp : Graph_GradientNormOp<"next_loss_scale", [
    AllTypesMatch<["scale", "new_scale"]>, AllTypesMatch<["good_steps", "new_good_steps"]>,
    AllTypesMatch<["skipped_steps", "new_skipped_steps"]>,
    WorkOpInterface]> {
  let summary = "the loss scale after a step, the good steps since it changed, all skipped ones";
  let description = [{
    After a step that was skipped half of it, and one more is counted; after `interval` good ones
    twice as much, if that is finite.

    ```mlir
    %s1, %n1, %k1 = graph.next_loss_scale %s0, %n0, %k0, %factor {interval = 2000 : i64}
                  : (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>)
                  -> (tensor<f32>, tensor<f32>, tensor<f32>)
    ```
  }];
  let arguments = (ins Scalar:$scale, Scalar:$good_steps, Scalar:$skipped_steps, Scalar:$factor,
                       Count:$interval);
  let results = (outs Scalar:$new_scale, Scalar:$new_good_steps, Scalar:$new_skipped_steps);
}

def StepsTakenOp : Graph_GradientNormOp<"steps_taken", [
    AllTypesMatch<["state", "taken"]>, AllTypesMatch<["steps", "new_steps"]>,
    WorkOpInterface]> {
  let summary = "the step's state with the optimizer's own count of its steps, and the next count";
  let description = [{
    An optimizer counts the steps that its slots have seen: not those of a run that kept no such
    slots, nor those that were skipped, as this one is where there is a `factor` and it is 0.

    ```mlir
    %taken, %n1 = graph.steps_taken %state, %n0, %factor
                : (tensor<2xi64>, tensor<f32>, tensor<f32>) -> (tensor<2xi64>, tensor<f32>)
    ```
  }];
  let arguments = (ins StepState:$state, Scalar:$steps, Optional<Scalar>:$factor);
  let results = (outs StepState:$taken, Scalar:$new_steps);
}
