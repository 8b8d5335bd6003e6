#include "compiler/experiments/Columns.h"

#include <gtest/gtest.h>

using namespace autopar;

namespace {

const Table table{{"name", "bytes", "seconds"},
                  {{std::string("a, \"b\""), int64_t(9007199254740993), 0.1},
                   {std::string("plain"), Cell(), 2.5}}};

TEST(Columns, CsvQuotesWhatNeedsItAndLeavesNothingEmpty) {
  std::string text;
  llvm::raw_string_ostream out(text);
  table.writeCsv(out);
  EXPECT_EQ(text, "name,bytes,seconds\n"
                  "\"a, \"\"b\"\"\",9007199254740993,0.1\n"
                  "plain,,2.5\n");
}

TEST(Columns, JsonLeavesNothingOut) {
  std::string text;
  llvm::raw_string_ostream out(text);
  llvm::json::OStream json(out);
  table.writeJson(json);
  EXPECT_EQ(llvm::json::Value(llvm::cantFail(llvm::json::parse(text))),
            llvm::json::Value(llvm::json::Array{
                llvm::json::Object{
                    {"name", "a, \"b\""}, {"bytes", 9007199254740993}, {"seconds", 0.1}},
                llvm::json::Object{{"name", "plain"}, {"seconds", 2.5}}}));
}

TEST(Columns, TextIsAlignedRight) {
  std::string text;
  llvm::raw_string_ostream out(text);
  printAligned({{"a", "long"}, {"wide", "b"}}, out);
  EXPECT_EQ(text, "     a  long\n"
                  "  wide     b\n");
}

} // namespace
