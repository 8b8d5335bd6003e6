// What a Network refuses that no option of autopar-model can provoke, and how it names things.
#include "compiler/models/Layers.h"

#include "mlir/IR/Diagnostics.h"

#include <gtest/gtest.h>

using namespace autopar;
using namespace autopar::models;
using mlir::Value;

namespace {

class NetworkTest : public testing::Test {
protected:
  NetworkTest()
      : recorder(&context,
                 [this](mlir::Diagnostic &diagnostic) { errors.push_back(diagnostic.str()); }) {
    context.loadDialect<graph::GraphDialect>();
    mlir::Builder builder(&context);
    network.emplace(context, "net", graph::SgdAttr::get(&context, 0.1, 0.0, 0.0, 0.0, false),
                    llvm::ArrayRef<Input>{
                        {"rows", mlir::RankedTensorType::get({8, 4}, builder.getF32Type())},
                        {"labels", mlir::RankedTensorType::get({8}, builder.getI32Type())}});
  }

  /// Ends the network with a loss of `logits`; true if it is sound.
  bool finishes(Value logits) {
    return bool(network->finish(
        crossEntropy(*network, "loss", logits, network->input(1), /*labelSmoothing=*/0)));
  }

  mlir::MLIRContext context;
  std::vector<std::string> errors;
  mlir::ScopedDiagnosticHandler recorder;
  std::optional<Network> network;
};

} // namespace

TEST_F(NetworkTest, CountsTheUsesOfAModule) {
  Value x = relu(*network, "relu", network->input(0));
  Value y = relu(*network, "relu", x);
  Value z = relu(*network, "relu", y);
  EXPECT_EQ(nameOf(x), "relu");
  EXPECT_EQ(nameOf(y), "relu_1");
  EXPECT_EQ(nameOf(z), "relu_2");
  EXPECT_TRUE(finishes(z));
}

TEST_F(NetworkTest, PutsVariablesBeforeTheirUse) {
  Value y = linear(*network, "fc", network->input(0), 3);
  mlir::Operation *sum = y.getDefiningOp();
  std::vector<std::string> names;
  for (mlir::Operation *op = sum; op; op = op->getPrevNode())
    names.push_back(nameOf(op));
  EXPECT_EQ(names, (std::vector<std::string>{"fc", "fc.bias", "fc.matmul", "fc.weight"}));
}

TEST_F(NetworkTest, RefusesTwoVariablesOfOneName) {
  Value once = linear(*network, "fc", network->input(0), 4);
  EXPECT_FALSE(finishes(linear(*network, "fc", once, 4)));
  EXPECT_EQ(errors, std::vector<std::string>{"two values are named 'fc.weight'"});
}

TEST_F(NetworkTest, RefusesAModuleWithTheNameOfAnInput) {
  EXPECT_FALSE(finishes(relu(*network, "rows", network->input(0))));
  EXPECT_EQ(errors, std::vector<std::string>{"two values are named 'rows'"});
}

TEST_F(NetworkTest, RefusesATensorBeyondTheLimits) {
  // The weight of 2⁵⁹ rows comes before the 2⁶⁴ bytes that it would make.
  EXPECT_FALSE(finishes(linear(*network, "fc", network->input(0), int64_t(1) << 59)));
  EXPECT_EQ(errors,
            std::vector<std::string>{
                "'graph.variable' op has a value of 'tensor<576460752303423488x4xf32>'; every "
                "dimension is from 1 to 2147483647"});
}
