#include "compiler/experiments/Measurement.h"

#include <gtest/gtest.h>

using namespace autopar;

namespace {

TEST(Measurement, TheMedianIsTheMiddle) {
  EXPECT_EQ(median({}), 0);
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 3, 2}), 2.5);
}

TEST(Measurement, ALogGivesEachStepButTheFirst) {
  // Rates of 2, 4 and 1 a second for a batch of 8: 4, 2 and 8 s, the later two 5 s in the mean.
  llvm::StringRef log = "{\"step\":1,\"loss\":2.3,\"images_per_second\":2.0}\n"
                        "{\"step\":2,\"loss\":2.2,\"images_per_second\":4.0}\n"
                        "{\"step\":3,\"loss\":2.1,\"images_per_second\":1.0}\n"
                        "{\"step\":3,\"test_loss\":2.1,\"test_accuracy\":0.5}\n"
                        "{\"arena_bytes\":9,\"process_peak_bytes\":109,"
                        "\"process_beside_arena_bytes\":100,\"mean_step_seconds\":5.0}\n";
  Measurement measured = llvm::cantFail(readLog(log));
  EXPECT_EQ(measured.processBytes, 109);
  EXPECT_EQ(measured.besideArenaBytes, 100);
  EXPECT_EQ(measured.stepSeconds, (std::vector<double>{2, 8}));
  EXPECT_EQ(measured.medianSeconds(), 5);
}

TEST(Measurement, ALogThatEndsEarlyIsRefused) {
  EXPECT_EQ(llvm::toString(
                readLog("{\"step\":1,\"loss\":2.3,\"images_per_second\":2}\n").takeError()),
            "the log does not tell of two steps and their mean time; the run did not end as it "
            "should");
}

TEST(Measurement, RanksNeedCores) {
  EXPECT_FALSE(bool(checkRun(1, {})));
  EXPECT_FALSE(bool(checkRun(1, {.steps = 2, .oversubscribe = true})));
  EXPECT_NE(llvm::toString(checkRun(1 << 20, {})).find("the mesh has 1048576 ranks"),
            std::string::npos);
  EXPECT_EQ(llvm::toString(checkRun(1, {.steps = 1})),
            "--steps 1: the first step warms up; at least 2");
  EXPECT_EQ(llvm::toString(checkRun(1, {.rounds = 0})),
            "--rounds 0: a program runs at least once");
}

} // namespace
