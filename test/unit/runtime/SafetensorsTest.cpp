#include "autopar/core/checkpoint/Safetensors.h"

#include "TemporaryFolder.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

using namespace autopar;

namespace {

std::vector<std::byte> bytesOf(const SafetensorsReader &file,
                               const SafetensorsReader::Tensor &tensor) {
  std::vector<std::byte> bytes(tensor.bytes);
  file.read(tensor, 0, bytes);
  return bytes;
}

/// A file of this header and so many bytes of data.
std::string fileOf(const std::string &header, size_t dataBytes) {
  std::string text;
  for (int i = 0; i < 8; ++i)
    text += static_cast<char>(uint64_t(header.size()) >> (8 * i));
  return text + header + std::string(dataBytes, 'd');
}

std::string errorOfFile(const std::string &content) {
  const TemporaryFolder folder;
  const auto path = folder.write("bad.safetensors", content);
  const std::string error = errorOf([&] { SafetensorsReader reader(path); });
  if (!error.empty()) {
    EXPECT_TRUE(error.starts_with(path.string() + ": ")) << error;
  }
  return error;
}

std::string errorOfHeader(const std::string &header, size_t dataBytes) {
  return errorOfFile(fileOf(header, dataBytes));
}

const std::string two = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                        R"("b":{"dtype":"I32","shape":[1,3],"data_offsets":[8,20]}})";

} // namespace

TEST(Safetensors, WritesWhatItReads) {
  const TemporaryFolder folder;
  const auto path = folder.path / "model.safetensors";
  const float weights[] = {1.5f, -2, 3e-30f, 4, 5, 6};
  const int32_t labels[] = {-1, 7};
  SafetensorsWriter writer(path,
                           {{"weight", DataType::F32, {2, 3}},
                            {"nothing", DataType::F64, {0, 4}},
                            {"labels", DataType::I32, {2}},
                            {"scalar", DataType::F32, {}}},
                           {{"model", "a \"quoted\" name"}});
  writer.append(std::as_bytes(std::span(weights)));
  writer.append({});
  writer.append(std::as_bytes(std::span(labels)));
  EXPECT_FALSE(std::filesystem::exists(path)); // not before it is whole
  writer.append(std::as_bytes(std::span(weights).first(1)));
  writer.finish();

  const SafetensorsReader reader(path);
  EXPECT_EQ(reader.tensors().size(), 4u);
  const auto *weight = reader.find("weight");
  ASSERT_TRUE(weight);
  EXPECT_EQ(weight->type, "F32");
  EXPECT_EQ(weight->shape, (Shape{2, 3}));
  EXPECT_EQ(std::memcmp(bytesOf(reader, *weight).data(), weights, sizeof weights), 0);
  EXPECT_EQ(std::memcmp(bytesOf(reader, *reader.find("labels")).data(), labels, 8), 0);
  EXPECT_EQ(reader.find("nothing")->shape, (Shape{0, 4}));
  EXPECT_EQ(reader.find("scalar")->shape, Shape());
  EXPECT_EQ(reader.find("bias"), nullptr);
}

TEST(Safetensors, ReadsPartsInAnyOrder) {
  const TemporaryFolder folder;
  constexpr size_t many = 3'000'000; // more than is read ahead
  std::string content = fileOf("{\"a\":{\"dtype\":\"U8\",\"shape\":[3000000],"
                               "\"data_offsets\":[0,3000000]}}", many);
  for (size_t i = 0; i < many; ++i)
    content[content.size() - many + i] = static_cast<char>(i % 251);
  const SafetensorsReader file(folder.write("m", content));
  TensorReader reader(file, *file.find("a"));
  std::vector<std::byte> part;
  for (auto [from, size] : {std::pair{0, 10}, {5, 9}, {1'048'570, 20}, {3, 1}, {2'999'990, 10},
                            {0, 3'000'000}, {100, 2'000'000}, {3'000'000, 0}}) {
    part.resize(size);
    reader.read(from, part);
    for (int i = 0; i < size; ++i)
      ASSERT_EQ(static_cast<int>(part[i]), (from + i) % 251) << from << " + " << i;
  }
}

TEST(Safetensors, SaysThatItShrank) {
  const TemporaryFolder folder;
  const auto path = folder.write("m", fileOf(two, 20));
  const SafetensorsReader file(path);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 3);
  EXPECT_EQ(bytesOf(file, *file.find("a")).size(), 8u);
  EXPECT_NE(errorOf([&] { bytesOf(file, *file.find("b")); })
                .find(path.string() + ": the file has shrunk while it was in use"),
            std::string::npos);
}

TEST(Safetensors, HasADigestOfNamesAndOfValues) {
  const TemporaryFolder folder;
  const auto digest = [&](const std::string &content) {
    return SafetensorsReader(folder.write("m", content)).digest();
  };
  std::string other = fileOf(two, 20);
  EXPECT_EQ(digest(fileOf(two, 20)), digest(other));
  other.back() = 'e';
  EXPECT_NE(digest(fileOf(two, 20)), digest(other));
  EXPECT_NE(digest(fileOf(two, 20)), digest(fileOf(two + " ", 20)));
}

TEST(Safetensors, LeavesNothingWhenItIsNotFinished) {
  const TemporaryFolder folder;
  {
    SafetensorsWriter writer(folder.path / "model.safetensors", {{"a", DataType::F32, {1}}},
                             {});
    EXPECT_THROW(writer.append({}), std::logic_error);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path));
}

TEST(Safetensors, NamesTheFolderThatCannotBeWritten) {
  EXPECT_EQ(errorOf([] { SafetensorsWriter("/nowhere/model", {}, {}); }),
            "/nowhere/model: there is no folder '/nowhere'");
}

TEST(Safetensors, ReadsAGoodHeader) { EXPECT_EQ(errorOfHeader(two, 20), ""); }

TEST(Safetensors, RefusesAMissingFile) {
  EXPECT_EQ(errorOf([] { SafetensorsReader("/nowhere/model"); }),
            "/nowhere/model: cannot open: No such file or directory");
}

TEST(Safetensors, RefusesLengthsOutsideTheFile) {
  EXPECT_NE(errorOfFile("short"), "");
  EXPECT_NE(errorOfFile(fileOf(two, 20).substr(0, 50)), "");
  EXPECT_NE(errorOfFile(std::string(100, '\xff')), "");
}

TEST(Safetensors, RefusesWhatIsNotAnObject) {
  EXPECT_NE(errorOfHeader("[]", 0), "");
  EXPECT_NE(errorOfHeader("{\"a\":", 0), "");
  EXPECT_NE(errorOfHeader("{\"a\":3}", 0), "");
  EXPECT_NE(errorOfHeader(std::string(100000, '['), 0), "");
}

TEST(Safetensors, RefusesOffsetsThatOverlapOrLeaveAGapOrTheFile) {
  const auto withOffsets = [](const std::string &ofB) {
    return R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
           R"("b":{"dtype":"F32","shape":[2],"data_offsets":)" +
           ofB + "}}";
  };
  EXPECT_EQ(errorOfHeader(withOffsets("[8,16]"), 16), "");
  EXPECT_NE(errorOfHeader(withOffsets("[4,12]"), 12), "");  // overlap
  EXPECT_NE(errorOfHeader(withOffsets("[0,8]"), 8), "");    // the same place
  EXPECT_NE(errorOfHeader(withOffsets("[12,20]"), 20), ""); // a gap
  EXPECT_NE(errorOfHeader(withOffsets("[8,16]"), 12), "");  // cut short
  EXPECT_NE(errorOfHeader(withOffsets("[8,16]"), 20), "");  // left over
  EXPECT_NE(errorOfHeader(withOffsets("[16,8]"), 16), "");
  EXPECT_NE(errorOfHeader(withOffsets("[-8,0]"), 16), "");
  EXPECT_NE(errorOfHeader(withOffsets("[8]"), 16), "");
  EXPECT_NE(errorOfHeader(withOffsets("[8,1e99]"), 16), "");
}

TEST(Safetensors, RefusesTypesAndShapesThatDoNotFitTheData) {
  const auto entry = [](const std::string &type, const std::string &shape) {
    return R"({"a":{"dtype":)" + type + R"(,"shape":)" + shape + R"(,"data_offsets":[0,8]}})";
  };
  EXPECT_EQ(errorOfHeader(entry("\"BF16\"", "[4]"), 8), "");
  EXPECT_NE(errorOfHeader(entry("\"F64\"", "[2]"), 8), "");
  EXPECT_NE(errorOfHeader(entry("\"F31\"", "[2]"), 8), "");
  EXPECT_NE(errorOfHeader(entry("7", "[2]"), 8), "");
  EXPECT_NE(errorOfHeader(entry("\"F32\"", "[-2]"), 8), "");
  EXPECT_NE(errorOfHeader(entry("\"F32\"", "[2.0]"), 8), "");
  EXPECT_NE(errorOfHeader(entry("\"F32\"", "{}"), 8), "");
  EXPECT_NE(errorOfHeader(entry("\"F32\"", "[1,1,1,1,1,1,1,1,2]"), 8), "");
  // 2^31 * 2^31 * 4 passes 64 bits: it must not come round to 8 or 0.
  EXPECT_NE(errorOfHeader(entry("\"F32\"", "[2147483648,2147483648]"), 8), "");
}

// Whatever is changed in a good file, reading it ends in tensors that lie
// inside the file, or in an error: never elsewhere.
TEST(Safetensors, SurvivesAnyChange) {
  const TemporaryFolder folder;
  const std::string good = fileOf(two, 20);
  std::mt19937 random(1);
  int refused = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string bad = good;
    for (int change = random() % 3; change >= 0; --change)
      bad[random() % bad.size()] = static_cast<char>(random());
    if (random() % 4 == 0)
      bad.resize(random() % bad.size());
    const auto path = folder.write("fuzzed", bad);
    refused += !errorOf([&] {
                  const SafetensorsReader reader(path);
                  int sum = 0;
                  for (const auto &[name, tensor] : reader.tensors())
                    for (std::byte byte : bytesOf(reader, tensor))
                      sum += static_cast<int>(byte);
                  ASSERT_LE(sum, 20 * 255);
                }).empty();
  }
  EXPECT_GT(refused, 1000);
}

TEST(Safetensors, RefusesMetadataThatIsNoStrings) {
  EXPECT_NE(errorOfHeader(R"({"__metadata__":"text"})", 0), "");
  EXPECT_NE(errorOfHeader(R"({"__metadata__":["a"]})", 0), "");
  EXPECT_NE(errorOfHeader(R"({"__metadata__":{"steps":5}})", 0), "");
  EXPECT_EQ(errorOfHeader(R"({"__metadata__":{"steps":"5"}})", 0), "");
}

TEST(Safetensors, RefusesAHeaderNestedBeyondReason) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_NE(errorOfHeader(deep, 0).find("stand in each other more than 64 deep"),
            std::string::npos);
  EXPECT_NE(errorOfHeader(R"({"a":{"dtype":"F32","shape":)" + deep + "}}", 0), "");
  // Brackets in a name are none.
  EXPECT_EQ(errorOfHeader("{\"" + std::string(1000, '[') + "\\\"[\":" +
                              R"({"dtype":"F32","shape":[],"data_offsets":[0,4]}})",
                          4),
            "");
}
