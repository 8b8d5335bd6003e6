// The norm of all gradients together, and the factor that clips it.

include "dialects/graph/GraphDialect.td"

class Graph_GradientNormOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, traits # [UpdateOpInterface,
        DeclareOpInterfaceMethods<ShardableOpInterface>]>;

def SquareSumOp : Graph_GradientNormOp<"square_sum", [
    DeclareOpInterfaceMethods<WorkOpInterface, ["getFlops"]>,
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "sum of the squares of all elements, in double precision";
  let description = [{
    ```mlir
    %s = graph.square_sum %g : (tensor<768x2304xf32>) -> tensor<f64>
    ```
  }];
  let arguments = (ins Singles:$input);
  let results = (outs DoubleScalar:$sum);
}

def AddScalarsOp : Graph_GradientNormOp<"add_scalars", [WorkOpInterface]> {
  let summary = "sum of scalars; of partial sums too";
  let description = [{
    ```mlir
    %s = graph.add_scalars %a, %b, %c : (tensor<f64>, tensor<f64>, tensor<f64>) -> tensor<f64>
    ```
  }];
  let arguments = (ins Variadic<DoubleScalar>:$inputs);
  let results = (outs DoubleScalar:$sum);
  let builders = [OpBuilder<(ins "::mlir::ValueRange":$inputs), [{
    build($_builder, $_state, ::mlir::RankedTensorType::get({}, $_builder.getF64Type()),
          inputs);
  }]>];
  let hasVerifier = 1;
}

def ClipFactorOp : Graph_GradientNormOp<"clip_factor", [WorkOpInterface]> {
  let summary = "what gradients are multiplied by so that their norm is at most `maximum`";
  let description = [{
    min(1, maximum / (sqrt(sum of squares) + 1e-6)), as torch.nn.utils.clip_grad_norm_.

    ```mlir
    %f = graph.clip_factor %s {maximum = 1.0} : (tensor<f64>) -> tensor<f32>
    ```
  }];
  let arguments = (ins DoubleScalar:$square_sum, RealAboveZero:$maximum);
  let results = (outs Scalar:$factor);
  let builders = [OpBuilder<(ins "::mlir::Value":$square_sum, "::llvm::APFloat":$maximum), [{
    build($_builder, $_state, ::mlir::RankedTensorType::get({}, $_builder.getF32Type()),
          square_sum, maximum);
  }]>];
}
