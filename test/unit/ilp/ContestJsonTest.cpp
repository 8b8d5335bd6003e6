// The contest's form, read, written and refused.

#include "RandomProblem.h"
#include "compiler/solvers/ilp/ContestJson.h"
#include "compiler/solvers/ilp/Solver.h"

#include <filesystem>
#include <gtest/gtest.h>

using namespace autopar::ilp;

static const char *small = R"({
  "problem": {
    "name": "small",
    "nodes": {
      "intervals": [[0, 4], [2, 6]],
      "costs": [[1, 2], [4]],
      "usages": [[6, 3], [5]]
    },
    "edges": {"nodes": [[0, 1]], "costs": [[10, 1000000000000000000]]},
    "usage_limit": 11,
    "comment": [{"ignored": -1.5e3}, null, true]
  }
})";

static std::string faultOf(std::string text, const std::string &from, const std::string &to) {
  text.replace(text.find(from), from.size(), to);
  std::string error;
  EXPECT_FALSE(parseContestProblem(text, error).has_value()) << to;
  return error;
}

TEST(ContestJson, ReadsNodesEdgesAndLimit) {
  std::string error;
  std::optional<Problem> problem = parseContestProblem(small, error);
  ASSERT_TRUE(problem) << error;
  EXPECT_EQ(problem->name, "small");
  ASSERT_EQ(problem->nodes.size(), 2u);
  EXPECT_EQ(problem->nodes[0].uses[0].bytes, (std::vector<Bytes>{6, 3}));
  EXPECT_EQ(problem->edges[0].costs, (std::vector<Cost>{10, never}));
  EXPECT_EQ(problem->usageLimit, 11);
}

TEST(ContestJson, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(faultOf(small, "[4]],", "[4]]"), "line 7, column 7: expected '}', found '\"'");
  EXPECT_EQ(faultOf(small, "[1, 2]", "[1, 2.5]"), "line 6, column 21: expected an integer");
  EXPECT_EQ(faultOf(small, "1000000000000000000", "10000000000000000000"),
            "line 9, column 49: number does not fit in 64 bits");
  EXPECT_EQ(faultOf(small, "[[0, 1]]", "[[0, 2]]"),
            "edge 0 joins node 2, but there are only 2 nodes");
  EXPECT_EQ(faultOf(small, "[4]", "[]"), "node 1 has no strategy");
  EXPECT_EQ(faultOf(small, "[2, 6]", "[6, 2]"), "node 1 has a negative interval [6, 2)");
  EXPECT_EQ(faultOf(small, "[2, 6]", "[6]"), "interval of node 1 has 1 ends, not 2");
  EXPECT_EQ(faultOf(small, ", [5]", ""), "\"nodes\" has 2 \"costs\" but 1 \"usages\"");
  EXPECT_EQ(faultOf(small, "\"problem\"", "\"instance\""), "there is no \"problem\"");
  EXPECT_EQ(faultOf(small, "true]\n  }\n}", "true]\n  }\n} x"),
            "line 13, column 3: text after the end of the problem");
}

TEST(ContestJson, NoTruncationIsAccepted) {
  std::string text = small;
  for (size_t length = 0; length + 1 < text.size(); ++length) {
    std::string error;
    EXPECT_FALSE(parseContestProblem(text.substr(0, length), error)) << length;
    EXPECT_FALSE(error.empty());
  }
}

TEST(ContestJson, WhatIsWrittenHasTheSameOptimum) {
  for (const char *ending : {".json", ".json.gz"})
    for (uint32_t seed = 0; seed < 20; ++seed) {
      Problem problem = randomProblem({}, seed);
      problem.nodes[0].name = "a \"quoted\\ name";
      std::string path = testing::TempDir() + "/problem" + ending, error;
      ASSERT_TRUE(writeContestProblem(problem, path, error)) << error;
      std::optional<Problem> read = readContestProblem(path, error);
      ASSERT_TRUE(read) << error;
      EXPECT_EQ(read->nodes[0].name, problem.nodes[0].name);
      SolveResult ours = solve(problem), theirs = solve(*read);
      EXPECT_EQ(ours.status, theirs.status);
      EXPECT_EQ(toString(ours.cost), toString(theirs.cost));
      if (ours.status == Status::Optimal) {
        theirs.solution.resize(problem.nodes.size());
        EXPECT_TRUE(check(problem, theirs.solution).feasible);
      }
      std::filesystem::remove(path);
    }
}

TEST(ContestJson, AMissingFileIsNamed) {
  std::string error;
  EXPECT_FALSE(readContestProblem("/no/such/file.json", error));
  EXPECT_EQ(error, "/no/such/file.json: cannot be opened");
}
