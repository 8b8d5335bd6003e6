// The reader of public graphs: what it takes, and what it says of bad files.

#include "compiler/solvers/remat/Problem.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

using namespace autopar::remat;

namespace {

class Reader : public testing::Test {
protected:
  std::string path = testing::TempDir() + "autopar-remat-graph.json";

  void TearDown() override { std::remove(path.c_str()); }

  std::optional<Problem> read(const std::string &text) {
    std::ofstream(path) << text;
    return readProblem(path, error);
  }
  void expectError(const std::string &text, const std::string &part) {
    EXPECT_FALSE(read(text));
    EXPECT_NE(error.find(part), std::string::npos) << error;
  }
  std::string error;
};

const std::string node0 = R"({"id":0,"name":"conv","backward":false,"cost_cpu":3,"cost_ram":10})";
const std::string node1 =
    R"({"id":1,"name":"Loss","backward":false,"cost_cpu":1.0,"cost_ram":4,"cost_workspace":2})";
const std::string node2 = R"({"id":2,"name":"conv_b","backward":true,"cost_cpu":6,"cost_ram":0})";

std::string graph(const std::string &nodes, const std::string &links) {
  return R"({"graph":{"name":"tiny"},"nodes":[)" + nodes + R"(],"links":[)" + links + "]}";
}

TEST_F(Reader, ReadsNodesAndLinks) {
  auto problem = read(graph(node0 + "," + node1 + "," + node2,
                            R"({"source":0,"target":1},{"source":1,"target":2},
                               {"source":0,"target":2},{"source":0,"target":2})"));
  ASSERT_TRUE(problem) << error;
  EXPECT_EQ(problem->name, "tiny");
  ASSERT_EQ(problem->size(), 3);
  EXPECT_TRUE(problem->operations[0].recomputable);
  EXPECT_FALSE(problem->operations[1].recomputable); // the loss
  EXPECT_EQ(problem->operations[1].workspace, 2);
  EXPECT_TRUE(problem->operations[2].backward);
  EXPECT_EQ(problem->operations[2].inputs, (std::vector<int>{1, 0}));
  EXPECT_EQ(problem->totalCost(), 10);
}

TEST_F(Reader, SaysWhatIsWrong) {
  EXPECT_FALSE(readProblem("/no/such/file.json", error));
  EXPECT_NE(error.find("cannot read"), std::string::npos);
  expectError("{", "not a JSON object");
  expectError("[]", "not a JSON object");
  expectError("{}", "expected arrays");
  expectError(graph(node1, ""), "ids must be the order of execution");
  expectError(graph("7", ""), "nodes[0] is not an object");
  expectError(graph(node0, R"({"source":0,"target":0})"), "from a smaller to a larger");
  expectError(graph(node0, R"({"source":0,"target":9})"), "from 0 to 9");
  expectError(graph(node0, R"({"source":0})"), "links[0]");
  expectError(graph(R"({"id":0,"name":"x","backward":false,"cost_cpu":-1,"cost_ram":1})", ""),
              "cost_cpu is -1");
  expectError(graph(R"({"id":0,"name":"x","backward":false,"cost_cpu":1})", ""), "cost_ram");
  expectError(graph(R"({"id":0,"name":"x","cost_cpu":1,"cost_ram":1})", ""), "backward");
  expectError(graph("", ""), "no operations");
}

TEST_F(Reader, RefusesNestingBeyondReason) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  expectError(deep, "stand in each other more than 64 deep");
  expectError(R"({"nodes":[],"links":[],"graph":)" + deep + "}", "more than 64 deep");
}

} // namespace
