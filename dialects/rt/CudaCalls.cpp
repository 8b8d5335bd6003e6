// What the CUDA target's runtime can do in one call instead of several; see the headers in
// runtime/cuda for what the calls mean.
#include "dialects/rt/Calls.h"

#include "dialects/rt/CallLine.h"

namespace autopar::rt {

std::vector<Callee> cudaCalls() {
  using enum CallForm;
  const llvm::StringRef products = "FusedMatmul.h", convolutions = "FusedConv2d.h",
                        norm = "BatchNorm.h";
  const auto normed = [](llvm::StringRef typed) {
    FieldList fields = convolution(typed);
    fields.append({{"count"}, {"epsilon", Field::Real}});
    return fields;
  };
  const Field counts = {"count", Field::Integers}, decays = {"weightDecay", Field::Reals};
  return {
      Line("SgdAll", Table, "Sgd.h",
           {{"momentum", Field::Real, 0},
            {"dampening", Field::Real, 0},
            {"nesterov", Field::Flag, 0},
            counts,
            decays})
          .rows({"parameter", "gradient", "velocity"}, {"newParameter", "newVelocity"})
          .reads({"lr", with({"dampening"}, "state"), maybe("factor")})
          .over("newParameter", {"parameter"})
          .over("newVelocity", {"velocity"})
          .updates("parameter", "gradient"),
      Line("AdamWAll", Table, "AdamW.h",
           {{"beta1", Field::Real},
            {"beta2", Field::Real},
            {"epsilon", Field::Real},
            counts,
            decays})
          .rows({"parameter", "gradient", "m", "v"}, {"newParameter", "newM", "newV"})
          .reads({"lr", "state", maybe("factor")})
          .over("newParameter", {"parameter"})
          .over("newM", {"m"})
          .over("newV", {"v"})
          .updates("parameter", "gradient"),
      Line("MatmulAdd", Shape, products, matmul())
          .reads({"a", "b", "added"})
          .writes({"c"})
          .over("c", {"added"})
          .workspace(),
      Line("MatmulBias", Shape, products, matmul())
          .reads({"a", "b", "bias", maybe("added")})
          .writes({"c"})
          .over("c", {"added"})
          .workspace(),
      Line("MatmulBiasGelu", Shape, products, matmul())
          .reads({"a", "b", "bias"})
          .writes({"c"})
          .workspace(),
      Line("MatmulBiasGeluAux", Shape, products, matmul())
          .reads({"a", "b", "bias"})
          .writes({"c", "before"})
          .workspace(),
      Line("MatmulGeluGrad", Shape, products, matmul())
          .reads({"a", "b", "before"})
          .writes({"c"})
          .workspace(),
      Line("MatmulSumA", Shape, products, matmul())
          .reads({"a", "b", maybe("added")})
          .writes({"c", "sum"})
          .over("c", {"added"})
          .workspace(),
      Line("MatmulSumB", Shape, products, matmul())
          .reads({"a", "b", maybe("added")})
          .writes({"c", "sum"})
          .over("c", {"added"})
          .workspace(),

      Line("LayerNormGradInputAdd", Fields, "LayerNorm.h", {{"rows"}, {"channels"}})
          .reads({"dy", "x", "gamma", "mean", "rstd", "added"})
          .writes({"dx"})
          .over("dx", {"added", "dy", "x"}),

      Line("BatchNormRunningAll", Table, norm,
           {{"momentum", Field::Real}, {"channels", Field::Integers}, counts})
          .rows({"stats", "mean", "var"}, {"newMean", "newVar"})
          .over("newMean", {"mean"})
          .over("newVar", {"var"}),
      Line("BatchNormGradParametersAll", Table, norm, {{"channels", Field::Integers}})
          .rows({"sums"}, {"dgamma", "dbeta"}),

      // The gradient of relu(batch norm): what is 0 is seen from the first four.
      Line("BatchNormReluGradSums", Fields, norm, batchNorm())
          .reads({"x", "stats", "gamma", "beta", "dy"})
          .writes({"sums"})
          .workspace(),
      // The gradient a + b behind a relu, whose output is y, and its sums.
      Line("BatchNormAddReluGradSums", Fields, norm, batchNorm())
          .reads({"x", "stats", "a", "b", "y"})
          .writes({"dz", "sums"})
          .over("dz", {"a", "b", "y"})
          .workspace(),
      Line("BatchNormReluGradInput", Fields, norm, batchNorm())
          .reads({"x", "stats", "gamma", "beta", "sums", "dy"})
          .writes({"dx"})
          .over("dx", {"dy", "x"}),
      Line("Conv2dStats", Shape, convolutions, convolution())
          .reads({"x", "w"})
          .writes({"y", "stats"})
          .workspace(),
      // The same of relu(batch norm of x).
      Line("NormConv2dStats", Shape, convolutions, normed("x"))
          .reads({"x", "stats", "gamma", "beta", "w"})
          .writes({"y", "statsOfY"})
          .workspace(),
      Line("NormConv2dWeightGrad", Shape, convolutions, normed("x"))
          .reads({"x", "stats", "gamma", "beta", "dy"})
          .writes({"dw"})
          .workspace(),
      // The gradient of that batch norm's output, and its two sums.
      Line("NormConv2dInputGrad", Shape, convolutions, normed("dy"))
          .reads({"dy", "w", "x", "stats", "gamma", "beta"})
          .writes({"dz", "sums"})
          .workspace(),

      // any calls that work element by element; over what is read so
      Line("Chain", Chain, "kernels.h", {{"count"}, {"steps", Field::Steps}})
          .reads({many("inputs")})
          .writes({"result"}),

      Line("AddAll", Table, "Elementwise.h", {counts})
          .rows({"a", "b"}, {"sum"})
          .over("sum", {"a"}),
      Line("ZerosAll", Table, "Elementwise.h", {counts}).rows({}, {"y"}),
      Line("SquareSumAll", Table, "Norm.h", {counts})
          .rows({"x"}, {})
          .writes({"sum"})
          .workspace(),
  };
}

} // namespace autopar::rt
