// What ranks write of a checkpoint: every stored element once, and shared evenly.

#include "autopar/core/Shard.h"
#include "autopar/core/checkpoint/Pieces.h"

#include <gtest/gtest.h>

#include <vector>

using namespace autopar;

namespace {

constexpr Mesh mesh{.sizes = {2, 3}, .axes = {"x", "y"}};

constexpr Variable variables[] = {
    {.name = "whole", .shape = {12, 5}},
    {.name = "rows", .shape = {12, 5}, .split = {{0}}},
    {.name = "columns", .shape = {4, 6}, .split = {{}, {1}}},
    {.name = "both", .type = DataType::BF16, .shape = {4, 6}, .split = {{0}, {1}}},
    {.name = "one dimension", .shape = {6}, .split = {{0, 1}}},
    {.name = "few rows", .shape = {2, 9}},
    {.name = "scalar", .shape = {}},
    {.name = "padded", .shape = {12, 2}, .split = {{1}}, .stored = {7, 2}},
    {.name = "much padding", .shape = {12, 2}, .split = {{0}}, .stored = {3, 2}},
    {.name = "stored otherwise", .shape = {2, 3, 2, 1}, .split = {{}, {1}}, .stored = {2, 6}},
    {.name = "nothing", .shape = {0, 3}},
};

} // namespace

TEST(Pieces, HoldEveryStoredElementOnce) {
  std::vector<std::vector<int>> written;
  for (const Variable &variable : variables)
    written.emplace_back(elements(variable.shape));
  for (int rank = 0; rank < mesh.ranks(); ++rank) {
    const Place place(mesh, rank);
    for (const Piece &piece : piecesOf(variables, place)) {
      const Variable &variable = variables[piece.variable];
      const size_t width = bytesOf(variable.type);
      EXPECT_EQ(piece.bytes, elements(piece.block.shape()) * width);
      // Where the rank's shard has each element, by the shard's own account.
      std::vector<int64_t> inShard(elements(variable.shape), -1);
      Shard(place, variable.shape, variable.split)
          .forEachRun([&](int64_t global, int64_t local, int64_t count) {
            for (int64_t i = 0; i < count; ++i)
              inShard[global + i] = local + i;
          });
      piece.block.forEachRun([&](int64_t global, int64_t local, int64_t count) {
        for (int64_t i = 0; i < count; ++i) {
          ++written[piece.variable][global + i];
          EXPECT_EQ(inShard[global + i] * width, piece.offset + (local + i) * width)
              << variable.name;
        }
      });
    }
  }
  for (size_t i = 0; i < written.size(); ++i)
    for (size_t element = 0; element < written[i].size(); ++element) {
      const bool isStored =
          static_cast<int64_t>(element) < elements(variables[i].storedShape());
      EXPECT_EQ(written[i][element], isStored) << variables[i].name << " " << element;
    }
}

TEST(Pieces, ShareTheWork) {
  // Held by all six, by three each, and by two each: a sixth of every one.
  const Variable shared[] = {{.name = "a", .shape = {12, 5}},
                             {.name = "b", .shape = {12, 5}, .split = {{0}}},
                             {.name = "c", .shape = {12, 6}, .split = {{}, {1}}}};
  for (int rank = 0; rank < mesh.ranks(); ++rank) {
    size_t bytes = 0;
    for (const Piece &piece : piecesOf(shared, Place(mesh, rank)))
      bytes += piece.bytes;
    EXPECT_EQ(bytes, (60 + 60 + 72) / 6 * sizeof(float));
  }
  // What is too small to be cut is one's, and not always the same one's.
  const Variable scalars[] = {{.name = "a"}, {.name = "b"}, {.name = "c"},
                              {.name = "d"}, {.name = "e"}, {.name = "f"}};
  for (int rank = 0; rank < mesh.ranks(); ++rank)
    EXPECT_EQ(piecesOf(scalars, Place(mesh, rank)).size(), 1u);
}
