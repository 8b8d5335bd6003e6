// What the CUDA target's runtime can do in one call instead of several; see the headers in
// runtime/cuda for what the calls mean.
#include "dialects/rt/Calls.h"

#include "dialects/rt/CallLine.h"

namespace autopar::rt {

std::vector<Callee> cudaCalls() {
  using enum CallForm;
  const llvm::StringRef products = "FusedMatmul.h", convolutions = "FusedConv2d.h",
                        norm = "BatchNorm.h";
  FieldList normed = convolution();
  normed.append({{"count"}, {"epsilon", Field::Real}});
  const Field counts = {"count", Field::Integers}, decays = {"weightDecay", Field::Reals};
  return {
      // Rows of a parameter, its gradient and slots; the parameter and the slots are updated.
      // The learning rate, the state (for Sgd with dampening) and the factor of gradients are
      // shared.
      Line("SgdAll", Table, "Sgd.h",
           {{"momentum", Field::Real, 0},
            {"dampening", Field::Real, 0},
            {"nesterov", Field::Flag, 0},
            counts,
            decays})
          .rows(3, 2)
          .reads(1, 3)
          .over({{0, 0}, {1, 2}})
          .gradientIs(1),
      Line("AdamWAll", Table, "AdamW.h",
           {{"beta1", Field::Real},
            {"beta2", Field::Real},
            {"epsilon", Field::Real},
            counts,
            decays})
          .rows(4, 3)
          .reads(2, 3)
          .over({{0, 0}, {1, 2}, {2, 3}})
          .gradientIs(1),
      // c over what is added
      Line("MatmulAdd", Shape, products, matmul())
          .reads(3)
          .writes(1)
          .over({{0, 2}})
          .workspace(),
      // A bias as the third input, c over what is added; what stands beside a GELU.
      Line("MatmulBias", Shape, products, matmul())
          .reads(3, 4)
          .writes(1)
          .over({{0, 3}})
          .workspace(),
      Line("MatmulBiasGelu", Shape, products, matmul()).reads(3).writes(1).workspace(),
      Line("MatmulBiasGeluAux", Shape, products, matmul()).reads(3).writes(2).workspace(),
      Line("MatmulGeluGrad", Shape, products, matmul()).reads(3).writes(1).workspace(),
      // the product, over what is added, and the sum of a factor's rows
      Line("MatmulSumA", Shape, products, matmul())
          .reads(2, 3)
          .writes(2)
          .over({{0, 2}})
          .workspace(),
      Line("MatmulSumB", Shape, products, matmul())
          .reads(2, 3)
          .writes(2)
          .over({{0, 2}})
          .workspace(),

      // dx over what is added, dy or x
      Line("LayerNormGradInputAdd", Fields, "LayerNorm.h", {{"rows"}, {"channels"}})
          .reads(6)
          .writes(1)
          .over({{0, 5}, {0, 0}, {0, 1}}),

      // Rows of a batch norm's statistics and its running mean and variance; of its gradient's
      // sums, and the gradients of gamma and beta.
      Line("BatchNormRunningAll", Table, norm,
           {{"momentum", Field::Real}, {"channels", Field::Integers}, counts})
          .rows(3, 2)
          .over({{0, 1}, {1, 2}}),
      Line("BatchNormGradParametersAll", Table, norm, {{"channels", Field::Integers}})
          .rows(1, 2),

      // The gradient of relu(batch norm): what is 0 is seen from x, statistics, gamma and beta.
      Line("BatchNormReluGradSums", Fields, norm, batchNorm()).reads(5).writes(1).workspace(),
      // The gradient a + b behind a relu, and its sums: x, statistics, a, b, the relu's output;
      // over any of the latter three.
      Line("BatchNormAddReluGradSums", Fields, norm, batchNorm())
          .reads(5)
          .writes(2)
          .over({{0, 2}, {0, 3}, {0, 4}})
          .workspace(),
      // dx over dy or x
      Line("BatchNormReluGradInput", Fields, norm, batchNorm())
          .reads(6)
          .writes(1)
          .over({{0, 5}, {0, 0}}),
      // y and its statistics
      Line("Conv2dStats", Shape, convolutions, convolution()).reads(2).writes(2).workspace(),
      // The same of relu(batch norm of x): x, statistics, gamma, beta, and the weights.
      Line("NormConv2dStats", Shape, convolutions, normed).reads(5).writes(2).workspace(),
      Line("NormConv2dWeightGrad", Shape, convolutions, normed).reads(5).writes(1).workspace(),
      // The gradient of that batch norm's output, and its two sums: dy, weights, and x as above.
      Line("NormConv2dInputGrad", Shape, convolutions, normed).reads(6).writes(2).workspace(),

      // any calls that work element by element; over what is read so
      Line("Chain", Chain, "kernels.h", {{"count"}, {"steps", Field::Steps}})
          .reads(1, Callee::any)
          .writes(1),

      // rows of a total and what is added to it
      Line("AddAll", Table, "Elementwise.h", {counts}).rows(2, 1).over({{0, 0}}),
      Line("ZerosAll", Table, "Elementwise.h", {counts}).rows(0, 1),
      Line("SquareSumAll", Table, "Norm.h", {counts}).rows(1, 0).writes(1).workspace(),
  };
}

} // namespace autopar::rt
