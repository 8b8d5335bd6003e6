// Element by element: any dimension may be split. Shapes are equal: what is repeated is
// expanded before (Reduction.td).

include "dialects/graph/GraphDialect.td"

defvar exampleOfTwo = "(tensor<8x512xf32>, tensor<8x512xf32>) -> tensor<8x512xf32>";

/// A linear one takes partial sums as well.
class Graph_ElementwiseOp<string mnemonic, list<Trait> traits = [], bit isLinear = 0>
    : Graph_PureOp<mnemonic, traits # [SameOperandsAndResultType,
        WorkOpInterface,
        DeclareOpInterfaceMethods<ShardableOpInterface>]> {
  let extraClassDefinition = [{
    ::autopar::ShardingRule $cppClass::getShardingRule() {
      return elementwiseRule(*this, /*isLinear=*/}] # !if(isLinear, "true", "false") # [{);
    }
  }];
}

//===- functions of one value -------------------------------------------------------------===//

/// `given`: what an example has of the parameters.
class Graph_FunctionOp<string mnemonic, string what, dag parameters = (ins), string given = "",
                       bit isLinear = 0>
    : Graph_ElementwiseOp<mnemonic, [DeclareOpInterfaceMethods<DifferentiableOpInterface>],
                          isLinear> {
  let summary = what;
  let description = "```mlir\n%y = graph." # mnemonic # " %x " # given #
                    ": (tensor<8x512xf32>) -> tensor<8x512xf32>\n```";
  let arguments = !con((ins Reals:$input), parameters);
  let results = (outs Reals:$output);
}

/// The operation and its gradient: dx, of dy and of the function's `at`, its input or output.
multiclass Graph_Function<string mnemonic, string what, string at, string slope,
                          dag parameters = (ins), string given = "", bit isVerified = 0> {
  def Op : Graph_FunctionOp<mnemonic, what, parameters, given> {
    let hasVerifier = isVerified;
  }
  def GradOp : Graph_ElementwiseOp<mnemonic # "_grad"> {
    let summary = slope;
    let description = "```mlir\n%dx = graph." # mnemonic # "_grad %dy, %" #
                      !if(!eq(at, "input"), "x ", "y ") # given #
                      "\n    : " # exampleOfTwo # "\n```";
    let arguments = !con((ins Reals:$output_grad), !dag(ins, [Reals], [at]), parameters);
    let results = (outs Reals:$input_grad);
  }
}

defm Relu : Graph_Function<"relu", "max(x, 0)",
    "output", "dy where the relu's output was positive, else 0">;
defm Silu : Graph_Function<"silu", "x / (1 + e^-x): the sigmoid linear unit, also called swish",
    "input", "dy times the silu's derivative at its input">;
defm Sqrt : Graph_Function<"sqrt", "the square root",
    "output", "dy / 2y: infinite where the root is 0">;
defm Rsqrt : Graph_Function<"rsqrt", "1 / sqrt(x)",
    "output", "-dy y^3 / 2">;
defm Tanh : Graph_Function<"tanh", "the hyperbolic tangent",
    "output", "dy (1 - y^2)">;
defm Sigmoid : Graph_Function<"sigmoid", "1 / (1 + e^-x), the logistic function",
    "output", "dy y (1 - y)">;
defm Erf : Graph_Function<"erf", "the error function",
    "input", "dy 2 / sqrt(pi) e^(-x^2)">;
defm Abs : Graph_Function<"abs", "x without its sign",
    "input", "dy with the sign of x, 0 where x is">;
defm Softplus : Graph_Function<"softplus", "log(1 + e^x)",
    "input", "dy / (1 + e^-x)">;
defm Hardswish : Graph_Function<"hardswish", "x min(max(x + 3, 0), 6) / 6",
    "input", "dy (x / 3 + 1/2) where x is within (-3, 3), above dy, below 0">;
defm Hardsigmoid : Graph_Function<"hardsigmoid", "min(max(x + 3, 0), 6) / 6",
    "input", "dy / 6 where x is within (-3, 3), else 0">;
defm Power : Graph_Function<"power", "x to a fixed power",
    "input", "dy times the power's derivative",
    (ins Real:$exponent), "{exponent = 2.0} ">;
defm Clamp : Graph_Function<"clamp", "x, but no less than `low` and no more than `high`",
    "input", "dy where x is within (low, high), else 0",
    (ins Real:$low, Real:$high), "{low = 0.0, high = 6.0} ", /*isVerified=*/1>;
defm LeakyRelu : Graph_Function<"leaky_relu", "x where it is positive, else `slope` x",
    "input", "dy where x is positive, else `slope` dy",
    (ins Real:$slope), "{slope = 0.01} ">;
defm Elu : Graph_Function<"elu", "x where it is positive, else `alpha` (e^x - 1)",
    "input", "dy where x is positive, else `alpha` e^x dy",
    (ins Real:$alpha), "{alpha = 1.0} ">;

// Those whose gradients are made of other operations.
def ExpOp : Graph_FunctionOp<"exp", "e^x">;
def LogOp : Graph_FunctionOp<"log", "the natural logarithm">;
def SinOp : Graph_FunctionOp<"sin", "the sine">;
def CosOp : Graph_FunctionOp<"cos", "the cosine">;
def ShiftOp : Graph_FunctionOp<"shift", "x plus a number",
    (ins Real:$term), "{term = 1.0e-6} ">;
def ScaleOp : Graph_FunctionOp<"scale", "a multiple of a value; of partial sums too",
    (ins Real:$factor), "{factor = 0.125} ", /*isLinear=*/1>;

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

//===- functions of two -------------------------------------------------------------------===//

class Graph_BinaryOp<string mnemonic, string what, bit isLinear = 0, list<Trait> traits = [
                     DeclareOpInterfaceMethods<DifferentiableOpInterface>]>
    : Graph_ElementwiseOp<mnemonic, traits, isLinear> {
  let summary = what;
  let description = "```mlir\n%z = graph." # mnemonic #
                    " %x, %y : " # exampleOfTwo # "\n```";
  let arguments = (ins Reals:$lhs, Reals:$rhs);
  let results = (outs Reals:$output);
}

def AddOp : Graph_BinaryOp<"add", "sum of two values; of partial sums too", /*isLinear=*/1> {
  let results = (outs Reals:$sum);
}
def SubOp : Graph_BinaryOp<"sub", "difference of two values; of partial sums too",
                           /*isLinear=*/1>;
def MulOp : Graph_BinaryOp<"mul", "product of two values">;
def DivOp : Graph_BinaryOp<"div", "quotient of two values">;
def MaximumOp : Graph_BinaryOp<"maximum",
    "the larger of two values; equal ones share the gradient">;
def MinimumOp : Graph_BinaryOp<"minimum",
    "the smaller of two values; equal ones share the gradient">;
def GreaterOp : Graph_BinaryOp<"greater",
    "1 where the first is the larger one, 1/2 where they are equal, else 0", 0, []>;
def EqualOp : Graph_BinaryOp<"equal", "1 where two values are equal, else 0", 0, []>;

//===- of none ----------------------------------------------------------------------------===//

def FillOp : Graph_PureOp<"fill", [WorkOpInterface,
    DeclareOpInterfaceMethods<ShardableOpInterface>]> {
  let summary = "a tensor of one number";
  let description = [{
    ```mlir
    %ones = graph.fill {value = 1.0} : () -> tensor<8x1x1x1xf32>
    ```
  }];
  let arguments = (ins Real:$value);
  let results = (outs Reals:$result);
}
