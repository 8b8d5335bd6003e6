// What replaceFolder leaves of a folder: its own files as they should be, and a user's as they were.
#include "compiler/files/Folder.h"

#include "TemporaryFolder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace autopar;
namespace fs = std::filesystem;

namespace {

/// Relative paths and contents; a link's is where it leads.
using Files = std::map<std::string, std::string>;

Files filesOf(const fs::path &folder) {
  Files files;
  for (const auto &entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = fs::relative(entry.path(), folder);
    if (entry.is_symlink())
      files[name] = "-> " + fs::read_symlink(entry.path()).string();
    else if (entry.is_regular_file() && name != "manifest.sha256")
      files[name] = std::string(
          std::istreambuf_iterator<char>(std::ifstream(entry.path()).rdbuf()), {});
  }
  return files;
}

void put(const fs::path &folder, const Files &files) {
  for (const auto &[name, content] : files) {
    fs::create_directories((folder / name).parent_path());
    std::ofstream(folder / name) << content;
  }
}

/// The error, empty where there is none.
std::string replace(const fs::path &folder, const Files &files) {
  return llvm::toString(replaceFolder(folder.string(), [&](llvm::StringRef fresh) {
    put(fresh.str(), files);
    return llvm::Error::success();
  }));
}

const Files first = {{"train.cpp", "1"}, {"autopar/core/Arena.h", "arena"}, {"kernels.h", "k"}};
const Files second = {{"train.cpp", "2"}, {"autopar/core/Arena.h", "arena"}, {"more/a", "a"}};

class Folder : public testing::Test {
protected:
  const TemporaryFolder temporary;
  const fs::path folder = temporary.path / "program";

  /// The folder's files after `second`, with what a user has put there.
  void expectSecondBeside(Files users) const {
    users.insert(second.begin(), second.end());
    EXPECT_EQ(filesOf(folder), users);
    EXPECT_EQ(std::distance(fs::directory_iterator(temporary.path), fs::directory_iterator()), 1)
        << "something is left beside the folder";
  }
};

} // namespace

TEST_F(Folder, HasTheNewFilesAndNoOldOnes) {
  EXPECT_EQ(replace(folder, first), "");
  EXPECT_EQ(filesOf(folder), first);
  EXPECT_EQ(replace(folder, second), "");
  expectSecondBeside({});
  EXPECT_EQ(replace(folder, second), "");
  expectSecondBeside({});
}

TEST_F(Folder, KeepsWhatAUserHasPutThere) {
  EXPECT_EQ(replace(folder, first), "");
  const Files users = {{"model.safetensors", "weights"},
                       {"build/Makefile", "all:"},
                       {"autopar/core/mine.h", "mine"},
                       {"autopar/notes", "mine"}};
  put(folder, users);
  EXPECT_EQ(replace(folder, second), "");
  expectSecondBeside(users);
}

TEST_F(Folder, RefusesToLoseAChangedFile) {
  EXPECT_EQ(replace(folder, first), "");
  put(folder, {{"kernels.h", "better"}}); // which the second program does not even have
  const Files before = filesOf(folder);
  const std::string message = "folder '" + folder.string() +
                              "' holds files that would be lost: kernels.h has been changed; move "
                              "them away, or name another folder";
  EXPECT_EQ(llvm::toString(checkReplaceable(folder.string())), message);
  EXPECT_EQ(replace(folder, second), message);
  EXPECT_EQ(filesOf(folder), before);
  // Moved away, as it says:
  fs::rename(folder / "kernels.h", folder / "kernels.mine.h");
  EXPECT_EQ(replace(folder, second), "");
  expectSecondBeside({{"kernels.mine.h", "better"}});
}

TEST_F(Folder, RefusesToLoseAFileThatIsInTheWay) {
  EXPECT_EQ(replace(folder, first), "");
  put(folder, {{"more/a", "mine"}});
  const Files before = filesOf(folder);
  EXPECT_NE(replace(folder, second).find("more/a is not autopar's"), std::string::npos);
  EXPECT_EQ(filesOf(folder), before);
  put(folder, {{"more/a", "a"}}); // nothing is lost of that
  EXPECT_EQ(replace(folder, second), "");
}

TEST_F(Folder, OfOtherFilesIsRefused) {
  put(folder, {{"thesis.tex", "text"}});
  const std::string message = "folder '" + folder.string() +
                              "' holds other files, and no manifest.sha256 to tell autopar's from "
                              "them; name a folder of the program's own";
  EXPECT_EQ(llvm::toString(checkReplaceable(folder.string())), message);
  EXPECT_NE(replace(folder, second), "");
  EXPECT_EQ(filesOf(folder), (Files{{"thesis.tex", "text"}}));
}

TEST_F(Folder, NoLinkLeadsOutOfIt) {
  const fs::path outside = temporary.path / "outside";
  put(outside, {{"core/Arena.h", "arena"}, {"train.cpp", "1"}, {"kernels.h", "k"}});
  const Files before = filesOf(outside);
  EXPECT_EQ(replace(folder, first), "");
  fs::remove_all(folder / "autopar");
  fs::create_symlink(outside, folder / "autopar");
  EXPECT_NE(replace(folder, second).find("autopar is no folder"), std::string::npos);
  EXPECT_EQ(filesOf(outside), before);
  fs::remove(folder / "autopar");
  fs::remove(folder / "kernels.h");
  fs::create_symlink(outside / "kernels.h", folder / "kernels.h");
  EXPECT_NE(replace(folder, second).find("kernels.h has been changed"), std::string::npos);
  EXPECT_EQ(filesOf(outside), before);
}

TEST_F(Folder, MayBeALinkItself) {
  const fs::path real = temporary.path / "real";
  fs::create_directory(real);
  fs::create_symlink("real", folder);
  EXPECT_EQ(replace(folder, first), "");
  EXPECT_EQ(replace(folder, second), "");
  EXPECT_TRUE(fs::is_symlink(folder));
  EXPECT_EQ(filesOf(real), second);
  fs::remove_all(real);
  EXPECT_NE(replace(folder, second).find("is a link to nothing"), std::string::npos);
}

TEST_F(Folder, MayBeTheOneThatWeAreIn) {
  fs::create_directory(folder);
  const fs::path before = fs::current_path();
  fs::current_path(folder);
  EXPECT_EQ(replace(".", first), "");
  EXPECT_EQ(replace(".", second), "");
  EXPECT_TRUE(fs::exists("train.cpp")); // it is the same folder still
  fs::current_path(before);
  expectSecondBeside({});
}

TEST_F(Folder, ItsManifestNamesNothingOutside) {
  const std::string digest(64, '0');
  for (const std::string &line :
       {digest + "  ../outside", digest + "  /etc/passwd", digest + "  a//b", digest + "  ",
        digest + "  a/./b", digest + "  a/..", digest + " a", digest.substr(1) + "  a",
        std::string(64, 'g') + "  a", std::string("nothing")}) {
    EXPECT_EQ(replace(folder, first), "");
    std::ofstream(folder / "manifest.sha256", std::ios::app) << line << "\n";
    EXPECT_NE(replace(folder, second).find("is not as autopar wrote it in line 4"),
              std::string::npos)
        << line;
    EXPECT_EQ(filesOf(folder), first);
    fs::remove_all(folder);
  }
}

TEST_F(Folder, IsAsItWasWhereTheProgramCannotBeWritten) {
  auto fails = [](llvm::StringRef fresh) {
    put(fresh.str(), {{"train.cpp", "half"}});
    return llvm::createStringError("no space");
  };
  EXPECT_EQ(llvm::toString(replaceFolder(folder.string(), fails)), "no space");
  EXPECT_TRUE(fs::is_empty(temporary.path));
  EXPECT_EQ(replace(folder, first), "");
  EXPECT_EQ(llvm::toString(replaceFolder(folder.string(), fails)), "no space");
  EXPECT_EQ(filesOf(folder), first);
}

// At whatever moment it is killed, nothing of the user's is lost, and it can be done again.
TEST_F(Folder, AKillAtAnyMomentCanBeMadeGoodByDoingItAgain) {
  const Files users = {{"model.safetensors", "weights"}};
  Files many = second;
  for (int i = 0; i < 100; ++i)
    many["autopar/" + std::to_string(i) + ".h"] = "header " + std::to_string(i);
  int interrupted = 0;
  for (int round = 0; round < 30; ++round) {
    EXPECT_EQ(replace(folder, first), "") << round;
    put(folder, users);
    const pid_t child = fork();
    if (child == 0) {
      (void)replace(folder, many);
      _exit(0);
    }
    usleep(round * 1000);
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    interrupted += WIFSIGNALED(status);
    EXPECT_EQ(filesOf(folder).at("model.safetensors"), "weights");
    // What an attempt has prepared may be left over; it is in nobody's way.
    for (const auto &entry : fs::directory_iterator(folder))
      if (const std::string name = entry.path().filename();
          name.starts_with(".autopar.") || name.starts_with("manifest.sha256."))
        fs::remove_all(entry.path());
    EXPECT_EQ(replace(folder, many), "") << round;
    Files all = many;
    all.insert(users.begin(), users.end());
    EXPECT_EQ(filesOf(folder), all) << round;
  }
  EXPECT_GT(interrupted, 0);
}

TEST_F(Folder, OfTwoAtOnceTheLaterOneIsWhole) {
  for (int round = 0; round < 20; ++round) {
    std::string errors[2];
    std::thread one([&] { errors[0] = replace(folder, first); });
    std::thread two([&] { errors[1] = replace(folder, second); });
    one.join();
    two.join();
    EXPECT_EQ(errors[0], "");
    EXPECT_EQ(errors[1], "");
    EXPECT_TRUE(filesOf(folder) == first || filesOf(folder) == second);
    if (round % 2)
      fs::remove_all(folder);
  }
}

TEST_F(Folder, NamesAreTakenAsTheyAre) {
  for (const char *name : {"50%", "%%%%", "-o", " two  spaces ", "$HOME", "it's \"quoted\"", "a;b"}) {
    const fs::path place = temporary.path / "deep%" / name;
    EXPECT_EQ(replace(place, first), "") << name;
    EXPECT_EQ(replace(place, second), "") << name;
    EXPECT_EQ(filesOf(place), second) << name;
  }
  EXPECT_NE(replace(temporary.path / "a\nb", first), "");
}
