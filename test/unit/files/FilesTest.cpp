#include "compiler/files/Files.h"

#include "TemporaryFolder.h"

#include <gtest/gtest.h>

using namespace autopar;
namespace fs = std::filesystem;

namespace {

std::string messageOf(llvm::Error error) { return llvm::toString(std::move(error)); }

} // namespace

TEST(Files, AreCheckedBeforeTheyAreWritten) {
  const TemporaryFolder folder;
  const std::string model = folder.write("model.mlir", "module").string();
  const std::string plan = (folder.path / "plan%.json").string();
  EXPECT_EQ(messageOf(checkOutputs({{"--plan-out", plan}}, {{"the model", model}})), "");
  EXPECT_EQ(messageOf(checkOutputs({{"--plan-out", model}}, {{"the model", model}})),
            "--plan-out " + model + ": would overwrite the file of the model; name another");
  EXPECT_EQ(messageOf(checkOutputs({{"--plan-out", plan}, {"--report", plan}}, {})),
            "--report " + plan + ": is the file of --plan-out too; give each a file of its own");
  EXPECT_EQ(messageOf(writeFile(plan, "{}")), "");
  EXPECT_EQ(messageOf(checkOutputs({{"--plan-out", plan, "--plan-in"}}, {{"--plan-in", plan}})),
            "");
  EXPECT_EQ(messageOf(checkOutputs({{"--plan-out", plan}}, {{"--plan-in", plan}})),
            "--plan-out " + plan + ": would overwrite the file of --plan-in; name another");
  EXPECT_EQ(messageOf(checkOutputs({{"--plan-out", ""}, {"--report", "-"}}, {})), "");
}

TEST(Files, FoldersAreChecked) {
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "").string();
  EXPECT_EQ(messageOf(checkFolder((folder.path / "new/deep").string())), "");
  EXPECT_EQ(messageOf(checkFolder(file)), "'" + file + "' is a file; name a folder");
  EXPECT_EQ(messageOf(checkFolder(file + "/deep")), "'" + file + "' is a file; name a folder");
  EXPECT_TRUE(fs::exists(file));
}

TEST(Files, UniqueNamesKeepPercentSigns) {
  const TemporaryFolder folder;
  const std::string prefix = (folder.path / "a%%%%%%b").string();
  for (int i = 0; i < 3; ++i) {
    llvm::Expected<std::string> file = makeUniqueFile(prefix), made = makeUniqueFolder(prefix);
    ASSERT_TRUE(bool(file) && bool(made));
    EXPECT_TRUE(file->starts_with(prefix + ".") && made->starts_with(prefix + "."));
    EXPECT_TRUE(fs::is_regular_file(*file) && fs::is_directory(*made));
  }
}
