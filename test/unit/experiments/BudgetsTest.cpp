#include "compiler/experiments/Budgets.h"

#include <gtest/gtest.h>

using namespace autopar;

namespace {

Budgets parse(llvm::StringRef text) { return llvm::cantFail(Budgets::parse(text)); }

std::string error(llvm::StringRef text) {
  return llvm::toString(Budgets::parse(text).takeError());
}

TEST(Budgets, ANumberAloneIsACount) {
  EXPECT_EQ(parse("12").count, 12);
  EXPECT_TRUE(parse("12").bytes.empty());
}

TEST(Budgets, ASizeAloneIsAListOfOne) {
  EXPECT_EQ(parse("512B").bytes, std::vector<int64_t>{512});
}

TEST(Budgets, AListStandsAsItIs) {
  EXPECT_EQ(parse("1KB, 3KB,1MB").bytes, (std::vector<int64_t>{1024, 3072, 1 << 20}));
  EXPECT_EQ(parse("1KB,2KB").count, 2);
}

TEST(Budgets, ARangeHasBothEnds) {
  EXPECT_EQ(parse("1KB:2KB:5").bytes, (std::vector<int64_t>{1024, 1280, 1536, 1792, 2048}));
}

TEST(Budgets, WhatIsWrongIsNamed) {
  EXPECT_EQ(error("0"), "'0' is no number of budgets from 1 to 1000");
  EXPECT_EQ(error("-3"), "'-3' is no number of budgets from 1 to 1000");
  EXPECT_EQ(error("2KB,1KB"),
            "1.00 KiB stands behind 2.00 KiB; write budgets from the smallest to the largest");
  EXPECT_EQ(error("1KB,1KB"),
            "1.00 KiB stands behind 1.00 KiB; write budgets from the smallest to the largest");
  EXPECT_EQ(error("1KB:2KB"),
            "'1KB:2KB' is no range; write two sizes and how many, as in 2GB:8GB:7");
  EXPECT_EQ(error("1KB:2KB:1"), "'1' is no number of budgets from 2 to 1000");
  EXPECT_EQ(error("1B:3B:9"), "'1B:3B:9': fewer bytes than budgets between the two");
}

} // namespace
