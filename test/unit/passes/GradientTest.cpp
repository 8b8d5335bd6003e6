// The gradient of each differentiable operation, by `differentiate`, against central
// differences of the loss. Plain SGD at a learning rate of 1 moves a parameter by its gradient.
#include "test/unit/programs/Interpreter.h"
#include "test/unit/programs/Programs.h"

#include "llvm/Support/FormatVariadic.h"
#include "gtest/gtest.h"

#include <set>

using namespace autopar;
using namespace mlir;

namespace {

/// An operation between variables and a loss: `body` makes %y from parameters.
struct GradientCase {
  const char *name;
  const char *body;
  const char *type;      ///< Of %y; none where the body makes %loss of %labels itself.
  int64_t rows, columns; ///< Of %y as a matrix.
};

std::string model(const GradientCase &test) {
  std::string matrix = llvm::formatv("tensor<{0}x{1}xf32>", test.rows, test.columns);
  std::string loss;
  if (StringRef type = test.type; !type.empty()) {
    // As images are flattened, or in one step whatever the rank.
    StringRef flatten = type.count('x') == 4 ? "flatten" : "reshape";
    std::string logits = matrix == type ? "%y" : "%flat";
    if (matrix != type)
      loss = llvm::formatv("%flat = graph.{0} %y : ({1}) -> {2}\n", flatten, type, matrix);
    loss +=
        llvm::formatv("%loss = graph.softmax_cross_entropy {0}, %labels {{count = {1} : i64, "
                      "label_smoothing = 0.1} : ({2}, tensor<{1}xi32>) -> tensor<f32>",
                      logits, test.rows, matrix);
  }
  return llvm::formatv(R"(
    module attributes {{graph.optimizer = #graph.sgd<learning_rate = 1.0>} {{
      func.func @model(%labels: tensor<{0}xi32> {{graph.input = "labels"},
                       %tokens: tensor<2x3xi32> {{graph.input = "tokens"})
          -> (tensor<f32> {{graph.output = "loss"}) {{
        {1}
        {2}
        return %loss : tensor<f32>
      }
    })",
                       test.rows, test.body, loss);
}

const GradientCase cases[] = {
    {"linear", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %w = graph.variable parameter "w" : tensor<4x5xf32> = #graph.normal<1.0>
      %y = graph.linear %x, %w : (tensor<3x5xf32>, tensor<4x5xf32>) -> tensor<3x4xf32>)",
     "tensor<3x4xf32>", 3, 4},
    {"bias_add", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %b = graph.variable parameter "b" : tensor<5xf32> = #graph.normal<1.0>
      %y = graph.bias_add %x, %b : (tensor<3x5xf32>, tensor<5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"relu", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.relu %x : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    // One of the two reaches the sum twice.
    {"add", R"(
      %a = graph.variable parameter "a" : tensor<3x5xf32> = #graph.normal<1.0>
      %b = graph.variable parameter "b" : tensor<3x5xf32> = #graph.normal<1.0>
      %s = graph.add %a, %b : (tensor<3x5xf32>, tensor<3x5xf32>) -> tensor<3x5xf32>
      %y = graph.add %s, %a : (tensor<3x5xf32>, tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"add_to_itself", R"(
      %a = graph.variable parameter "a" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.add %a, %a : (tensor<3x5xf32>, tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"silu", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<2.0>
      %y = graph.silu %x : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"exp", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.exp %x : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"tanh", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.tanh %x : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"sigmoid", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.sigmoid %x : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"erf", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.erf %x : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"abs", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.abs %x : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"sin", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.sin %x : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"cos", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.cos %x : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"softplus", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.softplus %x : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"hardswish", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %s = graph.scale %x {factor = 3.0} : (tensor<3x5xf32>) -> tensor<3x5xf32>
      %y = graph.hardswish %s : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"hardsigmoid", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %s = graph.scale %x {factor = 3.0} : (tensor<3x5xf32>) -> tensor<3x5xf32>
      %y = graph.hardsigmoid %s : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"log", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %e = graph.exp %x : (tensor<3x5xf32>) -> tensor<3x5xf32>
      %y = graph.log %e : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"sqrt", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %e = graph.exp %x : (tensor<3x5xf32>) -> tensor<3x5xf32>
      %y = graph.sqrt %e : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"rsqrt", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %e = graph.exp %x : (tensor<3x5xf32>) -> tensor<3x5xf32>
      %y = graph.rsqrt %e : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"shift", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %s = graph.shift %x {term = 0.7} : (tensor<3x5xf32>) -> tensor<3x5xf32>
      %y = graph.mul %s, %x : (tensor<3x5xf32>, tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"power", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %e = graph.exp %x : (tensor<3x5xf32>) -> tensor<3x5xf32>
      %y = graph.power %e {exponent = -0.7} : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"power_of_two", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.power %x {exponent = 2.0} : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"clamp", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.clamp %x {low = -0.5, high = 0.8} : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"leaky_relu", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.leaky_relu %x {slope = 0.2} : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"elu", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.elu %x {alpha = 1.3} : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"square", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.mul %x, %x : (tensor<3x5xf32>, tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"sub", R"(
      %a = graph.variable parameter "a" : tensor<3x5xf32> = #graph.normal<1.0>
      %b = graph.variable parameter "b" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.sub %a, %b : (tensor<3x5xf32>, tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"mul", R"(
      %a = graph.variable parameter "a" : tensor<3x5xf32> = #graph.normal<1.0>
      %b = graph.variable parameter "b" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.mul %a, %b : (tensor<3x5xf32>, tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"maximum", R"(
      %a = graph.variable parameter "a" : tensor<3x5xf32> = #graph.normal<1.0>
      %b = graph.variable parameter "b" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.maximum %a, %b : (tensor<3x5xf32>, tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"minimum", R"(
      %a = graph.variable parameter "a" : tensor<3x5xf32> = #graph.normal<1.0>
      %b = graph.variable parameter "b" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.minimum %a, %b : (tensor<3x5xf32>, tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"div", R"(
      %a = graph.variable parameter "a" : tensor<3x5xf32> = #graph.normal<1.0>
      %b = graph.variable parameter "b" : tensor<3x5xf32> = #graph.normal<1.0>
      %e = graph.exp %b : (tensor<3x5xf32>) -> tensor<3x5xf32>
      %y = graph.div %a, %e : (tensor<3x5xf32>, tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    // What is repeated along other dimensions of each operand, and so in the gradient again.
    {"expand", R"(
      %a = graph.variable parameter "a" : tensor<3x1xf32> = #graph.normal<1.0>
      %b = graph.variable parameter "b" : tensor<1x5xf32> = #graph.normal<1.0>
      %c = graph.expand %a : (tensor<3x1xf32>) -> tensor<3x5xf32>
      %d = graph.expand %b : (tensor<1x5xf32>) -> tensor<3x5xf32>
      %y = graph.mul %c, %d : (tensor<3x5xf32>, tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"sum", R"(
      %x = graph.variable parameter "x" : tensor<3x2x5x2xf32> = #graph.normal<1.0>
      %s = graph.mul %x, %x
         : (tensor<3x2x5x2xf32>, tensor<3x2x5x2xf32>) -> tensor<3x2x5x2xf32>
      %y = graph.sum %s {dims = array<i64: 1, 3>} : (tensor<3x2x5x2xf32>) -> tensor<3x1x5x1xf32>)",
     "tensor<3x1x5x1xf32>", 3, 5},
    {"max", R"(
      %x = graph.variable parameter "x" : tensor<3x2x5x2xf32> = #graph.normal<1.0>
      %y = graph.max %x {dims = array<i64: 1, 3>} : (tensor<3x2x5x2xf32>) -> tensor<3x1x5x1xf32>)",
     "tensor<3x1x5x1xf32>", 3, 5},
    {"flatten", R"(
      %x = graph.variable parameter "x" : tensor<2x2x3x2xf32> = #graph.normal<1.0>
      %y = graph.flatten %x : (tensor<2x2x3x2xf32>) -> tensor<2x12xf32>)",
     "tensor<2x12xf32>", 2, 12},
    {"conv2d", R"(
      %x = graph.variable parameter "x" : tensor<2x4x5x3xf32> = #graph.normal<1.0>
      %w = graph.variable parameter "w" : tensor<4x3x3x2xf32> = #graph.normal<1.0>
      %y = graph.conv2d %x, %w
         : (tensor<2x4x5x3xf32>, tensor<4x3x3x2xf32>) -> tensor<2x2x4x4xf32>)",
     "tensor<2x2x4x4xf32>", 2, 32},
    // Strides that leave rows over, other paddings on each side, dilation across.
    {"conv2d_windows", R"(
      %x = graph.variable parameter "x" : tensor<2x6x7x2xf32> = #graph.normal<1.0>
      %w = graph.variable parameter "w" : tensor<3x2x2x3xf32> = #graph.normal<1.0>
      %y = graph.conv2d %x, %w {strides = array<i64: 3, 2>, padding = array<i64: 1, 0, 0, 2>,
                                dilations = array<i64: 1, 2>}
         : (tensor<2x6x7x2xf32>, tensor<3x2x2x3xf32>) -> tensor<2x2x3x3xf32>)",
     "tensor<2x2x3x3xf32>", 2, 18},
    {"conv2d_input_grad", R"(
      %x = graph.variable parameter "x" : tensor<2x2x3x4xf32> = #graph.normal<1.0>
      %w = graph.variable parameter "w" : tensor<4x1x2x3xf32> = #graph.normal<1.0>
      %y = graph.conv2d_input_grad %x, %w {strides = array<i64: 2, 2>, padding = array<i64: 1, 0, 0, 2>,
                                           dilations = array<i64: 1, 2>, groups = 2 : i64}
         : (tensor<2x2x3x4xf32>, tensor<4x1x2x3xf32>) -> tensor<2x3x7x2xf32>)",
     "tensor<2x3x7x2xf32>", 2, 42},
    {"conv2d_groups", R"(
      %x = graph.variable parameter "x" : tensor<2x3x3x4xf32> = #graph.normal<1.0>
      %w = graph.variable parameter "w" : tensor<6x2x3x3xf32> = #graph.normal<1.0>
      %y = graph.conv2d %x, %w {padding = array<i64: 1, 1, 1, 1>, groups = 2 : i64}
         : (tensor<2x3x3x4xf32>, tensor<6x2x3x3xf32>) -> tensor<2x3x3x6xf32>)",
     "tensor<2x3x3x6xf32>", 2, 54},
    {"batch_norm", R"(
      %x = graph.variable parameter "x" : tensor<2x2x3x3xf32> = #graph.normal<1.0>
      %g = graph.variable parameter "gamma" : tensor<3xf32> = #graph.normal<1.0>
      %b = graph.variable parameter "beta" : tensor<3xf32> = #graph.normal<1.0>
      %m = graph.variable state "mean" : tensor<3xf32> = #graph.constant<0.0>
      %v = graph.variable state "var" : tensor<3xf32> = #graph.constant<1.0>
      %y = graph.batch_norm %x, %g, %b, %m, %v {epsilon = 1.0e-2 : f64}
         : (tensor<2x2x3x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
         -> tensor<2x2x3x3xf32>)",
     "tensor<2x2x3x3xf32>", 2, 18},
    {"max_pool", R"(
      %x = graph.variable parameter "x" : tensor<2x5x4x2xf32> = #graph.normal<1.0>
      %y, %i = graph.max_pool %x {kernel = array<i64: 3, 2>, strides = array<i64: 2, 1>,
                                  padding = array<i64: 1, 1, 1, 0>}
         : (tensor<2x5x4x2xf32>) -> (tensor<2x3x4x2xf32>, tensor<2x3x4x2xi8>))",
     "tensor<2x3x4x2xf32>", 2, 24},
    {"avg_pool", R"(
      %x = graph.variable parameter "x" : tensor<2x5x4x2xf32> = #graph.normal<1.0>
      %y = graph.avg_pool %x {kernel = array<i64: 3, 2>, strides = array<i64: 2, 1>,
                              padding = array<i64: 1, 1, 1, 0>}
         : (tensor<2x5x4x2xf32>) -> tensor<2x3x4x2xf32>)",
     "tensor<2x3x4x2xf32>", 2, 24},
    {"avg_pool_inside", R"(
      %x = graph.variable parameter "x" : tensor<2x5x4x2xf32> = #graph.normal<1.0>
      %y = graph.avg_pool %x {kernel = array<i64: 3, 2>, strides = array<i64: 2, 1>,
                              padding = array<i64: 1, 1, 1, 0>, count_include_pad = false}
         : (tensor<2x5x4x2xf32>) -> tensor<2x3x4x2xf32>)",
     "tensor<2x3x4x2xf32>", 2, 24},
    {"global_avg_pool", R"(
      %x = graph.variable parameter "x" : tensor<2x3x2x4xf32> = #graph.normal<1.0>
      %y = graph.global_avg_pool %x : (tensor<2x3x2x4xf32>) -> tensor<2x4xf32>)",
     "tensor<2x4xf32>", 2, 4},
    {"einsum_linear", R"(
      %x = graph.variable parameter "x" : tensor<2x3x5xf32> = #graph.normal<1.0>
      %w = graph.variable parameter "w" : tensor<5x2x2xf32> = #graph.normal<1.0>
      %y = graph.einsum "btc,chd->bthd" %x, %w
         : (tensor<2x3x5xf32>, tensor<5x2x2xf32>) -> tensor<2x3x2x2xf32>)",
     "tensor<2x3x2x2xf32>", 2, 12},
    // Batched over b and h, both inputs transposed in the result.
    {"einsum_batched", R"(
      %q = graph.variable parameter "q" : tensor<2x3x2x4xf32> = #graph.normal<1.0>
      %k = graph.variable parameter "k" : tensor<2x5x2x4xf32> = #graph.normal<1.0>
      %y = graph.einsum "bthd,bshd->hbst" %q, %k
         : (tensor<2x3x2x4xf32>, tensor<2x5x2x4xf32>) -> tensor<2x2x5x3xf32>)",
     "tensor<2x2x5x3xf32>", 2, 30},
    {"bias_add_of_two_dimensions", R"(
      %x = graph.variable parameter "x" : tensor<2x3x2xf32> = #graph.normal<1.0>
      %b = graph.variable parameter "b" : tensor<3x2xf32> = #graph.normal<1.0>
      %y = graph.bias_add %x, %b : (tensor<2x3x2xf32>, tensor<3x2xf32>) -> tensor<2x3x2xf32>)",
     "tensor<2x3x2xf32>", 2, 6},
    {"layer_norm", R"(
      %x = graph.variable parameter "x" : tensor<2x3x4xf32> = #graph.normal<1.0>
      %g = graph.variable parameter "gamma" : tensor<4xf32> = #graph.normal<1.0>
      %b = graph.variable parameter "beta" : tensor<4xf32> = #graph.normal<1.0>
      %y, %mean, %rstd = graph.layer_norm %x, %g, %b {epsilon = 1.0e-2 : f64}
         : (tensor<2x3x4xf32>, tensor<4xf32>, tensor<4xf32>)
         -> (tensor<2x3x4xf32>, tensor<2x3xf32>, tensor<2x3xf32>))",
     "tensor<2x3x4xf32>", 2, 12},
    {"gelu", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.gelu %x : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"gelu_tanh", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.gelu %x {approximate = "tanh"} : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"cast", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %h = graph.cast %x : (tensor<3x5xf32>) -> tensor<3x5xbf16>
      %y = graph.cast %h : (tensor<3x5xbf16>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"scale", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.scale %x {factor = -0.3} : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"embedding", R"(
      %e = graph.variable parameter "e" : tensor<12x4xf32> = #graph.normal<1.0>
      %y = graph.embedding %tokens, %e : (tensor<2x3xi32>, tensor<12x4xf32>) -> tensor<2x3x4xf32>)",
     "tensor<2x3x4xf32>", 2, 12},
    {"attention", R"(
      %x = graph.variable parameter "qkv" : tensor<2x3x3x2x2xf32> = #graph.normal<1.0>
      %y, %lse = graph.attention %x {scale = 0.7}
         : (tensor<2x3x3x2x2xf32>) -> (tensor<2x3x2x2xf32>, tensor<2x2x3xf32>))",
     "tensor<2x3x2x2xf32>", 2, 12},
    {"attention_causal_with_dropout", R"(
      %x = graph.variable parameter "qkv" : tensor<2x4x3x2x2xf32> = #graph.normal<1.0>
      %y, %lse = graph.attention %x {causal, dropout = 0.3}
         : (tensor<2x4x3x2x2xf32>) -> (tensor<2x4x2x2xf32>, tensor<2x2x4xf32>))",
     "tensor<2x4x2x2xf32>", 2, 16},
    {"softmax", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.softmax %x : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"softmax_causal", R"(
      %x = graph.variable parameter "x" : tensor<2x3x3xf32> = #graph.normal<1.0>
      %y = graph.softmax %x {causal} : (tensor<2x3x3xf32>) -> tensor<2x3x3xf32>)",
     "tensor<2x3x3xf32>", 2, 9},
    {"dropout", R"(
      %x = graph.variable parameter "x" : tensor<3x5xf32> = #graph.normal<1.0>
      %y = graph.dropout %x {rate = 0.4} : (tensor<3x5xf32>) -> tensor<3x5xf32>)",
     "tensor<3x5xf32>", 3, 5},
    {"transpose", R"(
      %x = graph.variable parameter "x" : tensor<2x3x4xf32> = #graph.normal<1.0>
      %y = graph.transpose %x {permutation = array<i64: 1, 2, 0>}
         : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>)",
     "tensor<3x4x2xf32>", 3, 8},
    {"slice", R"(
      %x = graph.variable parameter "x" : tensor<3x7xf32> = #graph.normal<1.0>
      %y = graph.slice %x {dim = 1 : i64, begin = 2 : i64, length = 4 : i64}
         : (tensor<3x7xf32>) -> tensor<3x4xf32>)",
     "tensor<3x4xf32>", 3, 4},
    {"pad", R"(
      %x = graph.variable parameter "x" : tensor<3x4xf32> = #graph.normal<1.0>
      %y = graph.pad %x {dim = 1 : i64, begin = 2 : i64, whole = 7 : i64}
         : (tensor<3x4xf32>) -> tensor<3x7xf32>)",
     "tensor<3x7xf32>", 3, 7},
    {"pad_with_a_number", R"(
      %x = graph.variable parameter "x" : tensor<3x4xf32> = #graph.normal<1.0>
      %y = graph.pad %x {dim = 1 : i64, begin = 2 : i64, whole = 7 : i64, value = -1.5}
         : (tensor<3x4xf32>) -> tensor<3x7xf32>)",
     "tensor<3x7xf32>", 3, 7},
    {"concat", R"(
      %a = graph.variable parameter "a" : tensor<3x2xf32> = #graph.normal<1.0>
      %b = graph.variable parameter "b" : tensor<3x4xf32> = #graph.normal<1.0>
      %y = graph.concat %a, %b, %a {dim = 1 : i64}
         : (tensor<3x2xf32>, tensor<3x4xf32>, tensor<3x2xf32>) -> tensor<3x8xf32>)",
     "tensor<3x8xf32>", 3, 8},
    // The last two classes are padding: what stands there has no gradient.
    {"language_loss", R"(
      %x = graph.variable parameter "x" : tensor<4x5xf32> = #graph.normal<1.0>
      %p = graph.variable state "padding" : tensor<4x2xf32> = #graph.normal<1.0>
      %y = graph.concat %x, %p {dim = 1 : i64} : (tensor<4x5xf32>, tensor<4x2xf32>) -> tensor<4x7xf32>
      %loss = graph.language_loss %y, %labels {count = 4 : i64, valid = 5 : i64}
            : (tensor<4x7xf32>, tensor<4xi32>) -> tensor<f32>)",
     "", 4, 5},
    // The mean over the labels that are kept, added to part of another loss, and halved.
    {"loss", R"(
      %x = graph.variable parameter "x" : tensor<4x5xf32> = #graph.normal<1.0>
      %z = graph.variable parameter "z" : tensor<4x5xf32> = #graph.normal<1.0>
      %sum = graph.softmax_cross_entropy %x, %labels {count = 1 : i64}
           : (tensor<4x5xf32>, tensor<4xi32>) -> tensor<f32>
      %kept = graph.count_kept %labels : (tensor<4xi32>) -> tensor<f32>
      %mean = graph.div %sum, %kept : (tensor<f32>, tensor<f32>) -> tensor<f32>
      %other = graph.language_loss %z, %labels {count = 4 : i64, valid = 5 : i64}
             : (tensor<4x5xf32>, tensor<4xi32>) -> tensor<f32>
      %share = graph.scale %other {factor = 0.4} : (tensor<f32>) -> tensor<f32>
      %both = graph.add %mean, %share : (tensor<f32>, tensor<f32>) -> tensor<f32>
      %loss = graph.loss %both {count = 2 : i64} : (tensor<f32>) -> tensor<f32>)",
     "", 4, 5},
};

class Gradient : public testing::TestWithParam<GradientCase> {};

TEST_P(Gradient, isTheSlopeOfTheLoss) {
  std::mt19937 random(3);
  Module module = trainingStep(model(GetParam()));
  func::FuncOp step = function(*module, stepFunctionName);
  NamedTensors variables = randomVariables(step, random);
  NamedTensors inputs = randomInputs(step, GetParam().columns, random);
  inputs["learning_rate"][0] = 1;
  inputs["labels"][0] = 0; // One row at least counts.

  auto run = [&] { return execute(step, inputs, variables, /*partitioned=*/false); };
  NamedTensors updated = run().variables;
  constexpr double h = 1e-5;
  for (auto variable : step.getOps<graph::VariableOp>()) {
    if (variable.getKind() != graph::VariableKind::Parameter)
      continue;
    std::string name = variable.getName().str();
    Tensor &value = variables[name];
    double largest = 0;
    for (int64_t i = 0; i < value.size(); ++i) {
      double start = value[i], gradient = start - updated[name][i];
      largest = std::max(largest, std::abs(gradient));
      value[i] = start + h;
      double above = run().results[0][0];
      value[i] = start - h;
      double below = run().results[0][0];
      value[i] = start;
      EXPECT_NEAR(gradient, (above - below) / (2 * h), 1e-8) << name << "[" << i << "]";
    }
    EXPECT_GT(largest, 1e-3) << name << " has no gradient to speak of";
  }
}

INSTANTIATE_TEST_SUITE_P(Of, Gradient, testing::ValuesIn(cases),
                         [](const auto &info) { return std::string(info.param.name); });

/// Every operation that says it has a gradient stands in a case above.
TEST(GradientCases, coverTheDialect) {
  std::set<std::string> differentiable, covered;
  for (RegisteredOperationName op : context().getRegisteredOperations())
    if (op.hasInterface<graph::DifferentiableOpInterface>())
      differentiable.insert(op.getStringRef().str());
  for (const GradientCase &test : cases) {
    Module module = parse(model(test));
    runPasses(*module, passes(createNameValues(), createDifferentiate()));
    module->walk([&](Operation *op) {
      if (differentiable.count(op->getName().getStringRef().str()))
        covered.insert(op->getName().getStringRef().str());
    });
  }
  EXPECT_EQ(differentiable, covered);
}

} // namespace
