// Checkpoints of one rank; programs.sh has those of several.

#include "autopar/core/Checkpoint.h"
#include "autopar/core/Initialise.h"
#include "autopar/core/Safetensors.h"

#include "TemporaryFolder.h"

#include <gtest/gtest.h>

#include <cstring>

using namespace autopar;

namespace {

constexpr Mesh one{.sizes = {1}, .axes = {"x"}};
constexpr Mesh two{.sizes = {2}, .axes = {"x"}};

constexpr Variable variables[] = {{.name = "fc.weight",
                                   .shape = {4, 6},
                                   .offset = 0,
                                   .bytes = 96,
                                   .initialiser = Initialiser::normal(1)},
                                  {.name = "bn.running_var",
                                   .kind = VariableKind::State,
                                   .shape = {4},
                                   .offset = 128,
                                   .bytes = 16,
                                   .initialiser = Initialiser::constant(1)},
                                  {.name = "fc.weight.momentum",
                                   .kind = VariableKind::Slot,
                                   .shape = {4, 6},
                                   .offset = 192,
                                   .bytes = 96,
                                   .initialiser = Initialiser::constant(0)}};
constexpr size_t arenaBytes = 320;

const Session &session() {
  static int argc = 1;
  static char name[] = "runtime-tests";
  static char *words[] = {name, nullptr};
  static char **argv = words;
  static const Session session(argc, argv);
  return session;
}

void writeFile(const std::filesystem::path &path,
               const std::vector<SafetensorsWriter::Entry> &entries) {
  SafetensorsWriter writer(path, entries, {});
  for (const auto &entry : entries)
    writer.append(std::vector<std::byte>(elements(entry.shape) * bytesOf(entry.type)));
  writer.finish();
}

} // namespace

TEST(Checkpoint, LoadsWhatItSaved) {
  const TemporaryFolder folder;
  const Rank rank(session(), one);
  Arena first(arenaBytes), second(arenaBytes);
  initialise(variables, 7, rank, first);
  saveCheckpoint(folder.path / "m", variables, {{"model", "test"}}, rank, first);
  loadCheckpoint(folder.path / "m", variables, rank, second);
  for (const Variable &variable : variables)
    EXPECT_EQ(std::memcmp(first.slice(variable.offset, variable.bytes).data(),
                          second.slice(variable.offset, variable.bytes).data(), variable.bytes),
              0)
        << variable.name;
}

TEST(Checkpoint, ARankReadsItsShard) {
  const TemporaryFolder folder;
  Arena whole(arenaBytes), half(arenaBytes);
  initialise(variables, 7, Place(one, 0), whole);
  saveCheckpoint(folder.path / "m", variables, {}, Rank(session(), one), whole);
  Variable columns = variables[0]; // [4, 6] over dimension 1: [4, 3]
  columns.split = {{}, {0}};
  columns.bytes = 48;
  loadCheckpoint(folder.path / "m", {&columns, 1}, Place(two, 1), half);
  const float *from = whole.at<float>(0, {4, 6});
  const float *to = half.at<float>(0, {4, 3});
  for (int row = 0; row < 4; ++row)
    for (int column = 0; column < 3; ++column)
      EXPECT_EQ(to[row * 3 + column], from[row * 6 + 3 + column]);
}

TEST(Checkpoint, ListsEverythingThatIsWrong) {
  const TemporaryFolder folder;
  writeFile(folder.path / "m", {{"fc.weight", DataType::F32, {6, 4}},
                                {"fc.weight.momentum", DataType::F64, {4, 6}},
                                {"other", DataType::F32, {1}}});
  Arena arena(arenaBytes);
  EXPECT_EQ(
      errorOf([&] { loadCheckpoint(folder.path / "m", variables, Place(one, 0), arena); }),
      (folder.path / "m").string() +
          " does not hold this program's variables\n"
          "  misshapen: fc.weight is F32[6, 4] there, F32[4, 6] here\n"
          "  missing: bn.running_var F32[4]\n"
          "  misshapen: fc.weight.momentum is F64[4, 6] there, "
          "F32[4, 6] here");
}

TEST(Checkpoint, AModelWithoutSlotsLeavesThemAsTheyAre) {
  const TemporaryFolder folder;
  writeFile(folder.path / "m", {{"fc.weight", DataType::F32, {4, 6}},
                                {"bn.running_var", DataType::F32, {4}},
                                {"other", DataType::F32, {1}}});
  Arena arena(arenaBytes);
  *arena.at<float>(0, {}) = 5;
  *arena.at<float>(192, {}) = 5;
  loadCheckpoint(folder.path / "m", variables, Place(one, 0), arena);
  EXPECT_EQ(*arena.at<float>(0, {}), 0);
  EXPECT_EQ(*arena.at<float>(192, {}), 5);
}
