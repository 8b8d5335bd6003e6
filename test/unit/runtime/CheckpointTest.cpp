// Checkpoints of one rank; programs.sh has those of several.

#include "autopar/core/checkpoint/Checkpoint.h"
#include "autopar/core/checkpoint/Safetensors.h"
#include "autopar/core/checkpoint/SavedRun.h"
#include "autopar/core/Initialise.h"
#include "autopar/core/LonePeers.h"

#include "TemporaryFolder.h"

#include <gtest/gtest.h>

#include <cstring>
#include <numeric>
#include <vector>

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
  LonePeers alone;
  const Rank rank(alone, one, "runtime-tests");
  Arena first(arenaBytes), second(arenaBytes);
  initialise(variables, 7, rank, first);
  saveCheckpoint(folder.path / "m", variables, {{"steps", "12"}}, rank, first);
  EXPECT_EQ(loadCheckpoint(StoredTensors(folder.path / "m"), variables, rank, second, Taken::Run),
            std::vector<std::string>());
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
  LonePeers alone;
  saveCheckpoint(folder.path / "m", {variables, 1}, {}, Rank(alone, one, ""), whole);
  Variable columns = variables[0]; // [4, 6] over dimension 1: [4, 3]
  columns.split = {{}, {0}};
  columns.bytes = 48;
  loadCheckpoint(StoredTensors(folder.path / "m"), {&columns, 1}, Place(two, 1), half, Taken::Weights);
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
      errorOf([&] {
        loadCheckpoint(StoredTensors(folder.path / "m"), variables, Place(one, 0), arena, Taken::Run);
      }),
      (folder.path / "m").string() +
          " does not hold this program's variables\n"
          "  misshapen: fc.weight is F32[6, 4] there, F32[4, 6] here\n"
          "  missing: bn.running_var F32[4]\n"
          "  misshapen: fc.weight.momentum is F64[4, 6] there, "
          "F32[4, 6] here\n"
          "  extra: other F32[1]");
}

TEST(Checkpoint, WeightsLeaveSlotsAsTheyAreAndARunNeedsThem) {
  const TemporaryFolder folder;
  writeFile(folder.path / "m", {{"fc.weight", DataType::F32, {4, 6}},
                                {"bn.running_var", DataType::F32, {4}},
                                {"bn.num_batches_tracked", DataType::I64, {}},
                                {"fc.weight.exp_avg", DataType::F32, {4, 6}}});
  Arena arena(arenaBytes);
  *arena.at<float>(0, {}) = 5;
  *arena.at<float>(192, {}) = 5;
  EXPECT_EQ(loadCheckpoint(StoredTensors(folder.path / "m"), variables, Place(one, 0), arena, Taken::Weights),
            std::vector<std::string>());
  EXPECT_EQ(*arena.at<float>(0, {}), 0);
  EXPECT_EQ(*arena.at<float>(192, {}), 5);
  const auto said = [&] {
    return errorOf([&] {
      loadCheckpoint(StoredTensors(folder.path / "m"), variables, Place(one, 0), arena, Taken::Run);
    });
  };
  EXPECT_EQ(said(), (folder.path / "m").string() +
                        ": has no fc.weight.momentum, by which this program's optimizer goes on; "
                        "--init begins a run of its own with the weights");
  writeFile(folder.path / "m", {{"fc.weight", DataType::F32, {4, 6}},
                                {"fc.weight.momentum", DataType::F32, {4, 6}},
                                {"bn.running_var", DataType::F32, {4}},
                                {"fc.weight.exp_avg", DataType::F32, {4, 6}}});
  EXPECT_EQ(said(), (folder.path / "m").string() +
                        ": has fc.weight.exp_avg, of another optimizer than this program's; "
                        "--init begins a run of its own with the weights");
}

TEST(Checkpoint, SlotsThatNoOptimizerGoesByMayBeMissingOrTooMany) {
  const TemporaryFolder folder;
  const auto scalar = [](std::string_view name, size_t offset) {
    return Variable{.name = name, .kind = VariableKind::Slot, .offset = offset, .bytes = 4};
  };
  const Variable scaled[] = {variables[0],
                             variables[2],
                             scalar("loss_scale", 320),
                             scalar("loss_scale.skipped_steps", 384),
                             scalar("sgd.steps", 448),
                             {.name = "fc.weight.total_grad",
                              .kind = VariableKind::Slot,
                              .shape = {4, 6},
                              .offset = 512,
                              .bytes = 96}};
  Arena arena(640);
  LonePeers alone;
  const Rank rank(alone, one, "runtime-tests");
  const Variable plain[] = {variables[0], variables[2]};
  saveCheckpoint(folder.path / "plain", plain, {{"steps", "12"}}, rank, arena);
  *arena.at<float>(320, {}) = 1024;
  EXPECT_EQ(loadCheckpoint(StoredTensors(folder.path / "plain"), scaled, rank, arena, Taken::Run),
            (std::vector<std::string>{"loss_scale", "loss_scale.skipped_steps",
                                      "fc.weight.total_grad"}));
  EXPECT_EQ(*arena.at<float>(320, {}), 1024);
  EXPECT_EQ(*arena.at<float>(448, {}), 12) << "the velocity has seen the file's steps";
  saveCheckpoint(folder.path / "scaled", scaled, {}, rank, arena);
  EXPECT_EQ(loadCheckpoint(StoredTensors(folder.path / "scaled"), plain, rank, arena, Taken::Run),
            std::vector<std::string>());
}

TEST(Checkpoint, NumbersBesideTheVariablesAreNumbers) {
  const TemporaryFolder folder;
  LonePeers alone;
  const Rank rank(alone, one, "runtime-tests");
  Arena arena(arenaBytes);
  const auto written = [&](const std::map<std::string, std::string> &metadata) {
    saveCheckpoint(folder.path / "m", {variables, 1}, metadata, rank, arena);
    return SavedRun::of(SafetensorsReader(folder.path / "m").metadata(), folder.path / "m");
  };
  const SavedRun run = {
      .model = "net", .steps = 12, .samples = 96, .seed = 9223372036854775807};
  const SavedRun again = written(run.metadata());
  EXPECT_EQ(again.model, run.model);
  EXPECT_EQ(again.steps, run.steps);
  EXPECT_EQ(again.samples, run.samples);
  EXPECT_EQ(again.seed, run.seed);
  EXPECT_FALSE(written({{"format", "pt"}}).steps);
  for (const char *wrong : {"-5", "abc", "", "1 ", " 1", "+1", "1.0", "1e3", "0x10",
                            "100000000000000000000", "1099511627777"})
    EXPECT_EQ(errorOf([&] { written({{"steps", wrong}}); }),
              (folder.path / "m").string() + ": its metadata has \"" + wrong +
                  "\" as steps, which is to be a whole number from 0 to 1099511627776");
}

namespace {

/// GPT-2's attention and a padded vocabulary, as a program has them and a file stores them.
constexpr Variable gpt2[] = {{.name = "wte.weight",
                              .shape = {6, 2},
                              .split = {{0}},
                              .offset = 0,
                              .bytes = 24,
                              .initialiser = Initialiser::normal(1),
                              .stored = {5, 2}},
                             {.name = "h.0.attn.c_attn.weight",
                              .shape = {2, 3, 2, 1},
                              .split = {{}, {}, {0}},
                              .offset = 64,
                              .bytes = 24,
                              .initialiser = Initialiser::normal(1),
                              .stored = {2, 6}}};

/// Writes f32 tensors whose values count up from 1.
void writeCounting(const std::filesystem::path &path,
                   const std::vector<SafetensorsWriter::Entry> &entries) {
  SafetensorsWriter writer(path, entries, {});
  for (const auto &entry : entries) {
    std::vector<float> values(elements(entry.shape));
    std::iota(values.begin(), values.end(), 1.0f);
    writer.append(std::as_bytes(std::span(values)));
  }
  writer.finish();
}

std::vector<float> valuesOf(Arena &arena, const Variable &variable) {
  const auto count = static_cast<int64_t>(variable.bytes / sizeof(float));
  const float *values = arena.at<float>(variable.offset, {count});
  return {values, values + count};
}

} // namespace

TEST(StoredShapes, AreReadIntoShardsAndPaddingIsZero) {
  const TemporaryFolder folder;
  writeCounting(folder.path / "m", {{"wte.weight", DataType::F32, {5, 2}},
                                    {"h.0.attn.c_attn.weight", DataType::F32, {2, 6}}});
  Arena arena(arenaBytes);
  std::ranges::fill(arena.pages(), std::byte(0xFF));
  loadCheckpoint(StoredTensors(folder.path / "m"), gpt2, Place(two, 1), arena, Taken::Weights);
  EXPECT_EQ(valuesOf(arena, gpt2[0]), (std::vector<float>{7, 8, 9, 10, 0, 0})); // rows 3 to 5
  EXPECT_EQ(valuesOf(arena, gpt2[1]), (std::vector<float>{2, 4, 6, 8, 10, 12}));
  initialise(gpt2, 3, Place(two, 1), arena);
  const std::vector<float> first = valuesOf(arena, gpt2[0]);
  EXPECT_NE(first[3], 0);
  EXPECT_EQ(first[4], 0);
  EXPECT_EQ(first[5], 0);
}

TEST(StoredShapes, AreWhatAFileGets) {
  const TemporaryFolder folder;
  Variable whole[] = {gpt2[0], gpt2[1]};
  for (Variable &variable : whole) {
    variable.split = {};
    variable.bytes = 48;
  }
  LonePeers alone;
  const Rank rank(alone, one, "runtime-tests");
  Arena arena(arenaBytes);
  initialise(whole, 3, rank, arena);
  saveCheckpoint(folder.path / "m", whole, {}, rank, arena);
  const SafetensorsReader file(folder.path / "m");
  EXPECT_EQ(toString(file.find("wte.weight")->shape), "[5, 2]");
  EXPECT_EQ(toString(file.find("h.0.attn.c_attn.weight")->shape), "[2, 6]");
  std::array<std::byte, 40> saved;
  file.read(*file.find("wte.weight"), 0, saved);
  EXPECT_EQ(std::memcmp(saved.data(), arena.slice(0, 40).data(), 40), 0);
}

TEST(StoredShapes, RefuseMoreThanThereIs) {
  Variable variable = gpt2[0];
  variable.stored = {7, 2};
  Arena arena(arenaBytes);
  EXPECT_EQ(errorOf([&] {
              initialise({&variable, 1}, 0, Place(two, 0), arena);
            }),
            "variable wte.weight [6, 2] is stored as [7, 2], which is more than it has");
}

TEST(HuggingFace, NamesMayHaveAPrefixAndWhatBelongsToNoParameter) {
  const TemporaryFolder folder;
  Arena arena(arenaBytes);
  writeCounting(folder.path / "m",
                {{"transformer.wte.weight", DataType::F32, {5, 2}},
                 {"transformer.h.0.attn.c_attn.weight", DataType::F32, {2, 6}},
                 {"transformer.h.0.attn.bias", DataType::F32, {1, 1, 4, 4}},
                 {"transformer.h.0.attn.masked_bias", DataType::F32, {}},
                 {"lm_head.weight", DataType::F32, {5, 2}}});
  EXPECT_NO_THROW(loadCheckpoint(StoredTensors(folder.path / "m"), gpt2, Place(two, 0), arena, Taken::Weights));
  EXPECT_EQ(valuesOf(arena, gpt2[0])[0], 1);
}

// The other way round: a program's names have the prefix, and the file is of the model by itself.
TEST(HuggingFace, APrefixOfTheProgramsOwnMayBeMissing) {
  const TemporaryFolder folder;
  Arena arena(arenaBytes);
  Variable prefixed[] = {gpt2[0], gpt2[1]};
  prefixed[0].name = "transformer.wte.weight";
  prefixed[1].name = "transformer.h.0.attn.c_attn.weight";
  writeCounting(folder.path / "m", {{"wte.weight", DataType::F32, {5, 2}},
                                    {"h.0.attn.c_attn.weight", DataType::F32, {2, 6}},
                                    {"lm_head.weight", DataType::F32, {5, 2}}});
  EXPECT_NO_THROW(
      loadCheckpoint(StoredTensors(folder.path / "m"), prefixed, Place(two, 0), arena, Taken::Weights));
  EXPECT_EQ(valuesOf(arena, prefixed[0])[0], 1);
}

// Whatever a program's names are, it reads what it wrote.
TEST(HuggingFace, NamesOfTheProgramsOwnComeFirst) {
  const TemporaryFolder folder;
  constexpr const char *names[][2] = {{"transformer.w", "transformer.w.momentum"},
                                      {"w", "transformer.w"},
                                      {"transformer.w", "transformer.transformer.w"},
                                      {"transformer.", "w"}};
  for (const auto &pair : names) {
    Variable variables[] = {gpt2[0], gpt2[1]};
    for (int i : {0, 1}) {
      variables[i].name = pair[i];
      variables[i].split = {};
      variables[i].bytes = 48;
    }
    LonePeers alone;
    const Rank rank(alone, one, "runtime-tests");
    Arena first(arenaBytes), second(arenaBytes);
    initialise(variables, 3, rank, first);
    saveCheckpoint(folder.path / "m", variables, {}, rank, first);
    std::ranges::fill(second.pages(), std::byte(0xFF));
    EXPECT_NO_THROW(loadCheckpoint(StoredTensors(folder.path / "m"), variables, rank, second, Taken::Run)) << pair[0];
    for (const Variable &variable : variables)
      EXPECT_EQ(valuesOf(second, variable), valuesOf(first, variable)) << variable.name;
  }
}

// Nor does one tensor stand for two variables.
TEST(HuggingFace, ATensorIsOneVariables) {
  const TemporaryFolder folder;
  Arena arena(arenaBytes);
  Variable both[] = {gpt2[0], gpt2[0]};
  both[0].name = "w";
  both[1].name = "transformer.w";
  both[1].offset = 64;
  writeCounting(folder.path / "m", {{"transformer.w", DataType::F32, {5, 2}}});
  EXPECT_NE(errorOf([&] {
              loadCheckpoint(StoredTensors(folder.path / "m"), both, Place(two, 0), arena, Taken::Weights);
            }).find("missing: w F32[5, 2]"),
            std::string::npos);
}

TEST(HuggingFace, AHeadOfItsOwnIsExtra) {
  const TemporaryFolder folder;
  Arena arena(arenaBytes);
  const std::vector<SafetensorsWriter::Entry> entries = {
      {"wte.weight", DataType::F32, {5, 2}},
      {"h.0.attn.c_attn.weight", DataType::F32, {2, 6}},
      {"lm_head.weight", DataType::F32, {2, 5}}};
  SafetensorsWriter writer(folder.path / "m", entries, {});
  for (float value : {1.0f, 2.0f, 3.0f}) {
    const std::vector<float> values(elements(entries[static_cast<int>(value) - 1].shape),
                                    value);
    writer.append(std::as_bytes(std::span(values)));
  }
  writer.finish();
  EXPECT_NE(errorOf([&] {
              loadCheckpoint(StoredTensors(folder.path / "m"), gpt2, Place(two, 0), arena, Taken::Weights);
            }).find("extra: lm_head.weight F32[2, 5]"),
            std::string::npos);
}
