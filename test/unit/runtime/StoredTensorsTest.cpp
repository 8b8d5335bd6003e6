// Checkpoints in several files: read as one, and not believed.

#include "autopar/core/Digest.h"
#include "autopar/core/checkpoint/StoredTensors.h"

#include "TemporaryFolder.h"

#include <gtest/gtest.h>

#include <numeric>

using namespace autopar;

namespace {

/// A file of one tensor of f32 values.
std::string writePart(const std::filesystem::path &path, const Shape &shape,
                      const std::vector<float> &values, const std::string &blocks) {
  std::map<std::string, std::string> metadata = {{"steps", "7"}};
  if (!blocks.empty())
    metadata["blocks"] = blocks;
  SafetensorsWriter writer(path, {{"w", DataType::F32, shape}}, metadata);
  writer.append(std::as_bytes(std::span(values)));
  return digestText(writer.finish());
}

class Parts : public testing::Test {
protected:
  /// w [4, 3] counts from 0; its first two columns are in one file, the third in another.
  Parts() {
    left(R"({"w": {"in": [4, 3], "begin": [0, 0]}})");
    right(R"({"w": {"in": [4, 3], "begin": [0, 2]}})");
  }

  void left(const std::string &blocks) {
    digests[0] = writePart(folder.path / "a", {4, 2}, {0, 1, 3, 4, 6, 7, 9, 10}, blocks);
  }
  void right(const std::string &blocks) {
    digests[1] = writePart(folder.path / "b", {4, 1}, {2, 5, 8, 11}, blocks);
  }

  std::string files() const {
    return R"([{"file": "a", "digest": ")" + digests[0] + R"("}, {"file": "b", "digest": ")" +
           digests[1] + R"("}])";
  }
  void index(const std::string &tensors) { text(files(), tensors); }
  void text(const std::string &files, const std::string &tensors) {
    folder.write("checkpoint.json",
                 R"({"version": 1, "files": )" + files + R"(, "tensors": )" + tensors + "}");
  }

  std::string error() {
    const std::string what = errorOf([&] {
      const StoredTensors stored(folder.path);
      for (const auto &[name, tensor] : stored.tensors())
        StoredReader(stored, tensor);
    });
    const std::string begin = folder.path.string();
    return what.starts_with(begin) ? what.substr(begin.size()) : what;
  }

  static constexpr const char *w = R"([{"name": "w", "dtype": "F32", "shape": [4, 3]}])";
  TemporaryFolder folder;
  std::string digests[2];
};

} // namespace

TEST_F(Parts, AreReadAsOne) {
  index(w);
  const StoredTensors stored(folder.path);
  EXPECT_EQ(stored.files(), 2u);
  EXPECT_EQ(stored.metadata(), (std::map<std::string, std::string>{{"steps", "7"}}));
  const StoredTensors::Tensor &tensor = *stored.find("w");
  EXPECT_EQ(tensor.bytes, 48u);
  std::vector<float> expected(12);
  std::iota(expected.begin(), expected.end(), 0.0f);
  StoredReader reader(stored, tensor);
  for (size_t begin = 0; begin < 12; ++begin) // from anywhere, to anywhere
    for (size_t count = 0; begin + count <= 12; ++count) {
      std::vector<float> values(count);
      reader.read(4 * begin, std::as_writable_bytes(std::span(values)));
      EXPECT_TRUE(std::equal(values.begin(), values.end(), expected.begin() + begin));
    }
  EXPECT_TRUE(stored.damaged(0, 1).empty());
}

TEST_F(Parts, MayHaveRowsOfPadding) {
  index(R"([{"name": "w", "dtype": "F32", "shape": [3, 3]}])");
  const StoredTensors stored(folder.path);
  std::vector<float> values(9);
  StoredReader(stored, *stored.find("w")).read(0, std::as_writable_bytes(std::span(values)));
  EXPECT_EQ(values, (std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST_F(Parts, AreTheOnesThatWereWritten) {
  index(w);
  // As long, and of one step more: another checkpoint's.
  SafetensorsWriter writer(folder.path / "b", {{"w", DataType::F32, {4, 1}}},
                           {{"steps", "8"}, {"blocks", R"({"w": {"in": [4, 3], "begin": [0, 2]}})"}});
  const std::vector<float> values(4);
  writer.append(std::as_bytes(std::span(values)));
  writer.finish();
  EXPECT_EQ(error(), "/b: is not the file that checkpoint.json tells of; it was changed, or is of "
                     "another checkpoint");
}

TEST_F(Parts, HaveEachElementOnce) {
  index(w);
  right(R"({"w": {"in": [4, 3], "begin": [0, 1]}})");
  index(w);
  EXPECT_EQ(error(), ": its files have the elements of w from 1 on twice");
  digests[1] = writePart(folder.path / "b", {4, 1}, {2, 5, 8, 11},
                         R"({"w": {"in": [8, 3], "begin": [4, 2]}})");
  index(w);
  EXPECT_EQ(error(), ": its files have the elements of w from 2 on not at all");
  text(R"([{"file": "a", "digest": ")" + digests[0] + R"("}])", w);
  EXPECT_EQ(error(), ": its files have 8 of the 12 elements of w");
}

TEST_F(Parts, AreNotBelieved) {
  for (const auto &[blocks, what] : std::initializer_list<std::pair<const char *, const char *>>{
           {R"({"w": {"in": [4, 3], "begin": [0, 3]}})", "of a place that is none"},
           {R"({"w": {"in": [4, 3], "begin": [0, 18446744073709551615]}})", "of a place that is none"},
           {R"({"w": {"in": [4, 3], "begin": [0, -1]}})", "of a place that is none"},
           {R"({"w": {"in": [4], "begin": [0]}})", "of a place that is none"},
           {R"({"w": {"in": [4, 2], "begin": [0, 1]}})", "of a place that is none"},
           {R"({"w": {"in": [4611686018427387904, 4611686018427387904], "begin": [0, 2]}})", "of a place that is none"},
           {R"({"w": 3})", "of a place that is none"},
           {R"([3])", "its metadata has blocks that are none"},
           {R"({"w": {"in": [4, 3], "begin": [0, 2]}, "w": {"in": [4, 3], "begin": [0, 2]}})",
            "its metadata has blocks that are none"},
           {"", "has w[4, 1], and checkpoint.json tells of [4, 3]"}}) {
    right(blocks);
    index(w);
    EXPECT_NE(error().find(what), std::string::npos) << blocks << ": " << error();
  }
}

TEST_F(Parts, NorIsTheirList) {
  for (const auto &[list, what] : std::initializer_list<std::pair<const char *, const char *>>{
           {R"([{"name": "w", "dtype": "F64", "shape": [4, 3]}])", "has w as F32, and checkpoint.json as F64"},
           {R"([{"name": "v", "dtype": "F32", "shape": [4, 3]}])", "has w, of which checkpoint.json does not know"},
           {R"([{"name": "w", "dtype": "F32", "shape": [4, 4]}])", "of a place that is none"},
           {R"([{"name": "w", "dtype": "F32", "shape": [4, -3]}])", "has an entry that is no tensor of its own"},
           {R"([{"name": "w", "dtype": "F32", "shape": [4, 3]}, {"name": "w", "dtype": "F32", "shape": [4, 3]}])",
            "has an entry that is no tensor of its own"},
           {R"([7])", "has an entry that is no tensor of its own"},
           {"7", "has no list of tensors"}}) {
    index(list);
    EXPECT_NE(error().find(what), std::string::npos) << list << ": " << error();
  }
  for (const char *files : {R"([{"file": "../a", "digest": "0"}])", R"([{"file": "", "digest": "0"}])",
                            R"([{"file": "..", "digest": "0"}])", R"([{"file": "a"}])", "[[]]"}) {
    text(files, w);
    EXPECT_NE(error().find("has an entry that is no file and its digest"), std::string::npos) << error();
  }
  for (const auto &[json, what] : std::initializer_list<std::pair<const char *, const char *>>{
           {"", "is no checkpoint's list of its files"},
           {"[]", "is no checkpoint's list of its files"},
           {R"({"version": 1, "version": 1})", "is no checkpoint's list of its files"},
           {R"({"version": 2})", "is of version 2, and this program knows version 1"},
           {R"({"version": 1})", "has no list of files"}}) {
    folder.write("checkpoint.json", json);
    EXPECT_NE(error().find(what), std::string::npos) << json << ": " << error();
  }
  std::filesystem::remove(folder.path / "checkpoint.json");
  EXPECT_EQ(error(), ": is a folder without checkpoint.json, and so no checkpoint; of a run's folder name "
                     "one of the step-… in it");
  EXPECT_NE(errorOf([&] { StoredTensors(folder.path / "a"); }).find("is one rank's part of a checkpoint"),
            std::string::npos);
}
