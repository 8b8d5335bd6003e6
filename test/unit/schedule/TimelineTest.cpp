// Two streams by hand: what waits for what, and what is held meanwhile.
#include "compiler/solvers/schedule/Timeline.h"

#include "gtest/gtest.h"

using namespace autopar::schedule;

namespace {

/// Two layers' gradients, each summed over the ranks before its update.
Problem twoGradients() {
  return {{{.name = "grad_2", .cost = 10, .bytes = 4},
           {.name = "sum_2", .cost = 25, .communicates = true, .inputs = {0}},
           {.name = "grad_1", .cost = 10, .bytes = 4},
           {.name = "sum_1", .cost = 5, .communicates = true, .inputs = {2}},
           {.name = "update_2", .cost = 1, .inputs = {0, 1}},
           {.name = "update_1", .cost = 1, .inputs = {2, 3}}}};
}

TEST(Timeline, runsCollectivesBesideComputation) {
  Problem problem = twoGradients();
  Timeline timeline = simulate(problem, givenOrder(problem));
  // sum_2 runs beside grad_1, and sum_1 after it: updates wait for them.
  EXPECT_EQ(timeline.begin, (std::vector<int64_t>{0, 10, 10, 35, 35, 40}));
  EXPECT_EQ(timeline.cost, 41);
  EXPECT_EQ(timeline.computation, 22);
  EXPECT_EQ(timeline.communication, 30);
  EXPECT_EQ(timeline.exposed(), 19);
}

TEST(Timeline, addsUpOnOneStream) {
  Problem problem = twoGradients();
  EXPECT_EQ(simulate(problem, givenOrder(problem), /*twoStreams=*/false).cost, 52);
}

TEST(Timeline, waitsForAllCollectivesBeforeTheOneThatIsRead) {
  Problem problem = twoGradients();
  // update_1 reads sum_1, which stands behind sum_2 in their stream.
  Timeline timeline = simulate(problem, {0, 1, 2, 3, 5, 4});
  EXPECT_EQ(timeline.begin[5], 40);
}

TEST(Timeline, holdsWhatACollectiveUsesUntilItIsWaitedFor) {
  Problem problem{{{.name = "part", .cost = 1, .bytes = 100},
                   {.name = "gather",
                    .cost = 1,
                    .bytes = 10,
                    .workspace = 7,
                    .communicates = true,
                    .inputs = {0}},
                   {.name = "other", .cost = 5, .bytes = 1},
                   {.name = "reader", .cost = 1, .bytes = 1000, .inputs = {1}}}};
  // At other: part, gather and its workspace, though gather has ended by then. At reader:
  // gather.
  EXPECT_EQ(simulate(problem, givenOrder(problem)).peak, 1010);
  problem.operations[3].bytes = 0;
  EXPECT_EQ(simulate(problem, givenOrder(problem)).peak, 118);
  EXPECT_EQ(simulate(problem, givenOrder(problem), /*twoStreams=*/false).peak, 117);
}

} // namespace
