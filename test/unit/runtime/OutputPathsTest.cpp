#include "autopar/core/OutputPaths.h"

#include "autopar/core/Options.h"

#include "TemporaryFolder.h"

#include <gtest/gtest.h>

using namespace autopar;
namespace fs = std::filesystem;

namespace {

class OutputPaths : public testing::Test {
protected:
  OutputPaths() {
    options.data = "synthetic";
    folder.write("model", "weights");
  }

  std::string in(const std::string &name) const { return (folder.path / name).string(); }
  std::string error() const {
    return errorOf([this] { requireOutputs(options); });
  }

  const TemporaryFolder folder;
  Options options;
};

} // namespace

TEST_F(OutputPaths, AreFreeOrMayBeReplaced) {
  options.save = in("model");
  options.log = in("log");
  options.timeline = in("trace");
  EXPECT_EQ(error(), "");
  EXPECT_FALSE(fs::exists(options.log)); // nothing is written as yet
  options.log = options.timeline = "/dev/null";
  EXPECT_EQ(error(), "");
}

TEST_F(OutputPaths, AreFilesInFolders) {
  options.save = folder.path;
  EXPECT_EQ(error(), "--save " + folder.path.string() + ": is a folder; name a file");
  options.save = "";
  options.timeline = in("none/trace");
  EXPECT_EQ(error(), "--timeline " + in("none/trace") + ": there is no folder '" + in("none") +
                         "'");
  options.timeline = "";
  options.log = in("none/log");
  EXPECT_EQ(error(),
            "--log " + in("none/log") + ": there is no folder '" + in("none") + "'");
}

TEST_F(OutputPaths, AreOnePlaceEach) {
  options.save = in("x");
  options.log = in("x");
  EXPECT_EQ(error(),
            "--log " + in("x") + ": is the file of --save too; give each a file of its own");
  // By another spelling, a link to what is not there yet, a link, and another name of the file.
  options.log = in("./x");
  EXPECT_NE(error(), "");
  fs::create_symlink("x", in("link"));
  options.log = in("link");
  EXPECT_NE(error(), "");
  folder.write("x", "");
  EXPECT_NE(error(), "");
  fs::create_hard_link(in("x"), in("twin"));
  options.log = in("twin");
  EXPECT_NE(error(), "");
  options.log = in("y");
  EXPECT_EQ(error(), "");
}

TEST_F(OutputPaths, AreNotWhatIsRead) {
  options.init = in("model");
  options.save = in("./model"); // goes on in place
  EXPECT_EQ(error(), "");
  options.save = "";
  options.log = in("model");
  EXPECT_EQ(error(),
            "--log " + in("model") + ": would overwrite the file of --init; name another");
  options.log = "";
  options.init = "";
  options.fixedBatch = in("model");
  options.save = in("model");
  EXPECT_EQ(error(),
            "--save " + in("model") + ": would overwrite the file of --fixed-batch; name another");
  options.fixedBatch = "";
  options.data = folder.path;
  EXPECT_EQ(error(), ""); // a model beside the data
  folder.write("train.bin", "");
  options.save = in("train.bin");
  EXPECT_EQ(error(),
            "--save " + in("train.bin") + ": would overwrite the file of --data; name another");
  options.save = fs::read_symlink("/proc/self/exe");
  EXPECT_EQ(error(), "--save " + options.save +
                         ": would overwrite the file of the program; name another");
}
