// Element by element: any dimension may be split.

include "dialects/graph/GraphDialect.td"

class Graph_ElementwiseOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, traits # [SameOperandsAndResultType,
        WorkOpInterface,
        DeclareOpInterfaceMethods<ShardableOpInterface>]>;

def ReluOp : Graph_ElementwiseOp<"relu", [
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "max(x, 0)";
  let description = [{
    ```mlir
    %y = graph.relu %x : (tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
    ```
  }];
  let arguments = (ins Reals:$input);
  let results = (outs Reals:$output);
}

def ReluGradOp : Graph_ElementwiseOp<"relu_grad"> {
  let summary = "dy where the relu's output was positive, else 0";
  let description = [{
    ```mlir
    %dx = graph.relu_grad %dy, %y
        : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
    ```
  }];
  let arguments = (ins Reals:$output_grad, Reals:$output);
  let results = (outs Reals:$input_grad);
}

def SiluOp : Graph_ElementwiseOp<"silu", [
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "x / (1 + e^-x): the sigmoid linear unit, also called swish";
  let description = [{
    ```mlir
    %y = graph.silu %x : (tensor<8x32x32x64xf32>) -> tensor<8x32x32x64xf32>
    ```
  }];
  let arguments = (ins Reals:$input);
  let results = (outs Reals:$output);
}

def SiluGradOp : Graph_ElementwiseOp<"silu_grad"> {
  let summary = "dy times the silu's derivative at its input";
  let description = [{
    ```mlir
    %dx = graph.silu_grad %dy, %x
        : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
    ```
  }];
  let arguments = (ins Reals:$output_grad, Reals:$input);
  let results = (outs Reals:$input_grad);
}

def AddOp : Graph_ElementwiseOp<"add", [
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "sum of two values; of partial sums too";
  let description = [{
    ```mlir
    %z = graph.add %x, %y : (tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>
    ```
  }];
  let arguments = (ins Reals:$lhs, Reals:$rhs);
  let results = (outs Reals:$sum);
}

def CastOp : Graph_PureOp<"cast", [AllShapesMatch<["input", "output"]>, WorkOpInterface,
    DeclareOpInterfaceMethods<DifferentiableOpInterface>,
    DeclareOpInterfaceMethods<ShardableOpInterface>]> {
  let summary = "a value in another element type, rounded to nearest; partial sums too";
  let description = [{
    ```mlir
    %y = graph.cast %x : (tensor<8x224x224x3xf32>) -> tensor<8x224x224x3xbf16>
    ```
  }];
  let arguments = (ins Reals:$input);
  let results = (outs Reals:$output);
}

def ScaleOp : Graph_ElementwiseOp<"scale", [
    DeclareOpInterfaceMethods<DifferentiableOpInterface>]> {
  let summary = "a multiple of a value; of partial sums too";
  let description = [{
    ```mlir
    %y = graph.scale %x {factor = 0.125} : (tensor<8x512xf32>) -> tensor<8x512xf32>
    ```
  }];
  let arguments = (ins Reals:$input, Real:$factor);
  let results = (outs Reals:$output);
}
