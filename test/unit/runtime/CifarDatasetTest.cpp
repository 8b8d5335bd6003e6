#include "autopar/core/CifarDataset.h"

#include "TemporaryFolder.h"

#include <gtest/gtest.h>

using namespace autopar;

namespace {

/// A record whose planes are filled with one value each.
std::string record(int label, int red, int green, int blue) {
  std::string text(1, static_cast<char>(label));
  for (int value : {red, green, blue})
    text += std::string(1024, static_cast<char>(value));
  return text;
}

} // namespace

TEST(CifarDataset, NumbersRecordsThroughAllFiles) {
  const TemporaryFolder folder;
  folder.write("data_batch_2.bin", record(2, 0, 0, 0));
  folder.write("data_batch_1.bin", record(0, 9, 8, 7) + record(1, 1, 2, 255));
  folder.write("test_batch.bin", record(3, 0, 0, 0));
  const CifarDataset data(CifarDataset::trainFiles(folder.path), 10);
  ASSERT_EQ(data.size(), 3);
  Sample sample;
  for (int i = 0; i < 3; ++i) {
    data.read(i, sample);
    EXPECT_EQ(sample.label, i);
  }
  data.read(1, sample);
  EXPECT_EQ(sample.pixels[0], 1);
  EXPECT_EQ(sample.pixels[1024], 2);
  EXPECT_EQ(sample.pixels[3071], 255);
  EXPECT_EQ(CifarDataset::testFiles(folder.path).size(), 1u);
}

TEST(CifarDataset, MeasuresEachChannel) {
  const TemporaryFolder folder;
  const auto file =
      folder.write("data_batch_1.bin", record(0, 0, 51, 255) + record(1, 255, 51, 0));
  const Normalisation found = CifarDataset({file}, 10).normalisation();
  EXPECT_DOUBLE_EQ(found.mean[0], 0.5);
  EXPECT_DOUBLE_EQ(found.deviation[0], 0.5);
  EXPECT_DOUBLE_EQ(found.mean[1], 0.2);
  EXPECT_DOUBLE_EQ(found.deviation[1], 1); // nothing to scale
}

TEST(CifarDataset, NamesFileAndRecordOfABadLabel) {
  const TemporaryFolder folder;
  const auto file = folder.write("data_batch_1.bin", record(9, 0, 0, 0) + record(10, 0, 0, 0));
  EXPECT_EQ(errorOf([&] { CifarDataset({file}, 10); }),
            file.string() + ": record 1 has label 10, but the model has 10 classes");
}

TEST(CifarDataset, SaysWhatChangedWhileItWasInUse) {
  const TemporaryFolder folder;
  const auto file = folder.write("data_batch_1.bin", record(0, 0, 0, 0) + record(1, 0, 0, 0));
  const CifarDataset data({file}, 10);
  Sample sample;
  folder.write("data_batch_1.bin", record(0, 0, 0, 0) + record(77, 0, 0, 0)); // in place
  EXPECT_EQ(errorOf([&] { data.read(1, sample); }),
            file.string() + ": record 1 has label 77, but the model has 10 classes");
  std::filesystem::resize_file(file, 4000);
  data.read(0, sample);
  EXPECT_NE(errorOf([&] { data.read(1, sample); }).find("the file has shrunk"),
            std::string::npos);
}

TEST(CifarDataset, RefusesATruncatedFile) {
  const TemporaryFolder folder;
  const auto file = folder.write("data_batch_1.bin", record(0, 0, 0, 0).substr(0, 3000));
  EXPECT_EQ(errorOf([&] { CifarDataset({file}, 10); }),
            file.string() + ": 3000 bytes are not whole records of 3073 bytes; "
                            "the file is truncated or in another format");
  const auto empty = folder.write("data_batch_2.bin", "");
  EXPECT_NE(errorOf([&] { CifarDataset({empty}, 10); }), "");
}

TEST(CifarDataset, SaysWhatIsMissing) {
  const TemporaryFolder folder;
  EXPECT_NE(errorOf([&] {
              CifarDataset::trainFiles(folder.path / "no");
            }).find("does not exist; scripts/make-digits.py"),
            std::string::npos);
  EXPECT_EQ(errorOf([&] { CifarDataset::trainFiles(folder.path); }),
            "data folder " + folder.path.string() + " holds no data_batch_*.bin");
  EXPECT_TRUE(CifarDataset::testFiles(folder.path).empty());
}
