#include "autopar/core/TokenFile.h"
#include "autopar/core/SyntheticTokens.h"

#include "TemporaryFolder.h"
#include "TokenText.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

using namespace autopar;

namespace {

struct TokenFileTest : testing::Test {
  TemporaryFolder folder;

  std::string error(const std::string &bytes, int64_t vocabulary = 256) {
    const auto path = folder.write("t.bin", bytes);
    std::string message = errorOf([&] { TokenFile(path, vocabulary); });
    const std::string prefix = path.string() + ": ";
    EXPECT_TRUE(message.empty() || message.starts_with(prefix)) << message;
    return message.empty() ? "" : message.substr(prefix.size());
  }
};

} // namespace

TEST_F(TokenFileTest, GivesItsTokens) {
  const TokenFile file(folder.write("t.bin", tokenFile({5, 300, 65535, 7}, 4)), 65536);
  EXPECT_EQ(file.size(), 4);
  std::vector<int32_t> tokens(3);
  file.read(1, 3, tokens.data());
  EXPECT_EQ(tokens, (std::vector<int32_t>{300, 65535, 7}));
}

TEST_F(TokenFileTest, NamesBothNumbersOfWhatIsWrong) {
  EXPECT_EQ(
      error(tokenFile({1}, 1, 7)),
      "not a token file: it begins with 7, not 20240520; scripts/make-tokens.py makes one "
      "from text");
  EXPECT_EQ(error(tokenFile({1}, 1, TokenFile::magic, 2)), "a token file of version 2, not 1");
  EXPECT_EQ(error(tokenFile({1, 2}, 3)), "its header promises 3 tokens, 1030 bytes, but it has "
                                         "1028: it was cut short");
  EXPECT_EQ(error(tokenFile({1, 2, 3, 4}, 3)),
            "its header promises 3 tokens, 1030 bytes, but it has 1032");
  EXPECT_EQ(error(tokenFile({255, 256}, 2)),
            "token 1 is 256, but the model has a vocabulary of 256");
  EXPECT_EQ(error("short"), "not a token file: 5 bytes are too few for a header of 1024");
  EXPECT_EQ(error(tokenFile({}, -5)),
            "its header promises -5 tokens, 1014 bytes, but it has 1024");
  EXPECT_EQ(error(tokenFile({255}, 1)), "");
}

TEST_F(TokenFileTest, SaysWhatChangedWhileItWasInUse) {
  const auto path = folder.write("t.bin", tokenFile({5, 6, 7, 8}, 4));
  const TokenFile file(path, 256);
  std::vector<int32_t> tokens(2);
  folder.write("t.bin", tokenFile({5, 6, 7, 256}, 4)); // in place
  file.read(0, 2, tokens.data());
  EXPECT_EQ(errorOf([&] { file.read(2, 2, tokens.data()); }),
            path.string() + ": token 3 is 256, but the model has a vocabulary of 256");
  std::filesystem::resize_file(path, 1028);
  file.read(0, 2, tokens.data());
  EXPECT_EQ(errorOf([&] { file.read(1, 2, tokens.data()); }),
            path.string() + ": the file has shrunk while it was in use: it had 1032 bytes, and "
                            "now ends at or before byte 1028");
  std::filesystem::remove(path); // what is open stays
  file.read(0, 2, tokens.data());
}

TEST_F(TokenFileTest, HasADigestOfItsTokens) {
  const auto digest = [&](const std::vector<uint16_t> &tokens) {
    const auto count = static_cast<int32_t>(tokens.size());
    return TokenFile(folder.write("t.bin", tokenFile(tokens, count)), 256).digest();
  };
  EXPECT_EQ(digest({1, 2, 3, 4, 5}), digest({1, 2, 3, 4, 5}));
  EXPECT_NE(digest({1, 2, 3, 4, 5}), digest({1, 2, 3, 5, 4}));
  EXPECT_NE(digest({1, 2, 3, 4, 5}), digest({1, 2, 3, 4, 6}));
}

TEST_F(TokenFileTest, WaitsForNobodyWhereItIsAPipe) {
  const auto path = folder.path / "pipe";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(errorOf([&] { TokenFile(path, 256); }), path.string() + ": not a regular file");
}

TEST(SyntheticTokens, AreOfTheVocabularyAndTheSameInAnyPiece) {
  const SyntheticTokens text(SyntheticTokens::Part::Train, 1000, 50);
  std::vector<int32_t> whole(1000), piece(10);
  text.read(0, 1000, whole.data());
  text.read(500, 10, piece.data());
  EXPECT_TRUE(std::equal(piece.begin(), piece.end(), whole.begin() + 500));
  for (int32_t token : whole)
    EXPECT_TRUE(token >= 0 && token < 50) << token;
  std::vector<int32_t> test(1000);
  SyntheticTokens(SyntheticTokens::Part::Test, 1000, 50).read(0, 1000, test.data());
  EXPECT_NE(test, whole);
}
