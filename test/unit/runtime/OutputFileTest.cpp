#include "autopar/core/OutputFile.h"

#include "TemporaryFolder.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

using namespace autopar;
namespace fs = std::filesystem;

namespace {

std::string contentOf(const fs::path &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

size_t filesIn(const fs::path &folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

mode_t modeOf(const fs::path &path) {
  struct stat status;
  EXPECT_EQ(stat(path.c_str(), &status), 0);
  return status.st_mode & 0777;
}

} // namespace

TEST(OutputFile, IsThereWhenItIsWholeAndNotBefore) {
  const TemporaryFolder folder;
  const fs::path path = folder.write("model", "old");
  {
    OutputFile file(path);
    file.write("new, but not finished");
    EXPECT_EQ(contentOf(path), "old");
  }
  EXPECT_EQ(contentOf(path), "old");
  EXPECT_EQ(filesIn(folder.path), 1u);
  writeFile(path, "new");
  EXPECT_EQ(contentOf(path), "new");
  EXPECT_EQ(filesIn(folder.path), 1u);
}

// The name that it has meanwhile is nobody's: neither a user's file nor a link there is touched.
TEST(OutputFile, TouchesNoOtherFileBesideIt) {
  const TemporaryFolder folder;
  folder.write("model.tmp", "mine");
  const fs::path elsewhere = folder.write("elsewhere", "precious");
  fs::create_symlink(elsewhere, folder.path / "model.new");
  writeFile(folder.path / "model", "new");
  EXPECT_EQ(contentOf(folder.path / "model.tmp"), "mine");
  EXPECT_EQ(contentOf(elsewhere), "precious");
}

TEST(OutputFile, OfSeveralAtOnceEachIsWhole) {
  const TemporaryFolder folder;
  const fs::path path = folder.path / "model";
  std::vector<std::thread> jobs;
  for (char letter : std::string("abcdefgh"))
    jobs.emplace_back([&path, letter] {
      for (int round = 0; round < 20; ++round) {
        OutputFile file(path);
        for (int piece = 0; piece < 10; ++piece)
          file.write(std::string(1000, letter));
        file.finish();
        const std::string found = contentOf(path);
        EXPECT_EQ(found, std::string(10000, found.at(0)));
      }
    });
  for (std::thread &job : jobs)
    job.join();
  EXPECT_EQ(filesIn(folder.path), 1u);
}

TEST(OutputFile, AKillLeavesTheOldOne) {
  const TemporaryFolder folder;
  const fs::path path = folder.write("model", "old");
  const pid_t child = fork();
  if (child == 0) {
    OutputFile file(path);
    file.write(std::string(1 << 20, 'x'));
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(contentOf(path), "old");
  writeFile(path, "new");
  EXPECT_EQ(contentOf(path), "new");
}

TEST(OutputFile, FollowsLinksAlsoToWhatIsNotThereYet) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path / "runs");
  const fs::path link = folder.path / "latest";
  fs::create_symlink("runs/one", link);
  for (const char *text : {"first", "second"}) {
    writeFile(link, text);
    EXPECT_TRUE(fs::is_symlink(link));
    EXPECT_EQ(contentOf(folder.path / "runs/one"), text);
  }
  EXPECT_EQ(filesIn(folder.path / "runs"), 1u);
  fs::create_symlink("b", folder.path / "a");
  fs::create_symlink("a", folder.path / "b");
  EXPECT_EQ(errorOf([&] { writeFile(folder.path / "a", "x"); }),
            (folder.path / "a").string() +
                ": cannot write: Too many levels of symbolic links");
}

TEST(OutputFile, APipeStaysAPipe) {
  const TemporaryFolder folder;
  const fs::path pipe = folder.path / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::string got;
  std::thread reader([&] { got = contentOf(pipe); });
  OutputFile::check(pipe); // which must not be taken for the writer
  writeFile(pipe, "through");
  reader.join();
  EXPECT_EQ(got, "through");
  EXPECT_TRUE(fs::is_fifo(pipe));
  EXPECT_EQ(filesIn(folder.path), 1u);
}

TEST(OutputFile, DevicesAreWrittenInto) {
  struct stat before, after;
  ASSERT_EQ(stat("/dev/null", &before), 0);
  OutputFile::check("/dev/null");
  writeFile("/dev/null", "nothing");
  ASSERT_EQ(stat("/dev/null", &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
  EXPECT_TRUE(S_ISCHR(after.st_mode));
}

// As if the shell had said: >> FILE. What is there stays, and is not replaced by another file.
TEST(OutputFile, StandardOutputIsWhereItLeads) {
  const TemporaryFolder folder;
  const fs::path path = folder.write("said", "before\n");
  const int file = open(path.c_str(), O_WRONLY | O_APPEND);
  const int kept = dup(1);
  dup2(file, 1);
  const std::string error = errorOf([] { writeFile("/dev/stdout", "through\n"); });
  dup2(kept, 1);
  close(kept);
  close(file);
  EXPECT_EQ(error, "");
  EXPECT_EQ(contentOf(path), "before\nthrough\n");
}

TEST(OutputFile, PercentSignsAndLongNamesAreNamesLikeOthers) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path / "50%");
  writeFile(folder.path / "50%/a%b%%.json", "x");
  EXPECT_EQ(contentOf(folder.path / "50%/a%b%%.json"), "x");
  const fs::path longest = folder.path / std::string(255, 'n');
  writeFile(longest, "x");
  EXPECT_EQ(contentOf(longest), "x");
}

TEST(OutputFile, KeepsThePermissionsOfTheOldOneAndElseTheMask) {
  const TemporaryFolder folder;
  const fs::path path = folder.path / "model";
  const mode_t mask = umask(027);
  writeFile(path, "x");
  umask(mask);
  EXPECT_EQ(modeOf(path), 0640u);
  chmod(path.c_str(), 0604);
  writeFile(path, "y");
  EXPECT_EQ(modeOf(path), 0604u);
}

TEST(OutputFile, SaysWhatCannotBeWritten) {
  const TemporaryFolder folder;
  const std::string here = folder.path.string();
  EXPECT_EQ(errorOf([&] { OutputFile::check(folder.path); }),
            here + ": is a folder; name a file");
  EXPECT_EQ(errorOf([&] { OutputFile::check(here + "/none/x"); }),
            here + "/none/x: there is no folder '" + here + "/none'");
  EXPECT_EQ(errorOf([&] { OutputFile::check(here + "/x/"); }),
            here + "/x/: is a folder; name a file");
  folder.write("file", "");
  EXPECT_EQ(errorOf([&] { OutputFile::check(here + "/file/x"); }),
            here + "/file/x: cannot write: Not a directory");
  if (geteuid() != 0) { // whom permissions do not stop
    chmod((folder.path / "file").c_str(), 0444);
    EXPECT_EQ(errorOf([&] { OutputFile::check(here + "/file"); }),
              here + "/file: cannot write: Permission denied");
  }
  EXPECT_EQ(filesIn(folder.path), 1u); // nothing is left of the attempts
}
