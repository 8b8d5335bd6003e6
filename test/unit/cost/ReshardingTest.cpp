// Every resharding on small meshes, carried out on arrays and compared with slicing the whole
// tensor. Then single paths, to read.
#include "SimulatedMesh.h"
#include "TestDevice.h"

#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"

using namespace autopar;

namespace {

using Shape = llvm::SmallVector<int64_t>;

/// `all_gather 1 of dim 0 -> S0R; ...`
std::string words(const ReshardPath &path, int rank) {
  std::vector<std::string> words;
  for (const ReshardStep &step : path.steps) {
    std::string text = name(step.kind).str() + " ";
    for (int axis : step.axes)
      text += std::to_string(axis);
    if (step.dim >= 0)
      text += " of dim " + std::to_string(step.dim);
    if (step.otherDim >= 0)
      text += " to dim " + std::to_string(step.otherDim);
    words.push_back(text + " -> " + step.result.str(rank));
  }
  return llvm::join(words, "; ");
}

std::string pathWords(Resharder &resharder, Shape shape, const char *from, const char *to) {
  int rank = static_cast<int>(shape.size()), axes = resharder.costs().mesh().numAxes();
  auto path = resharder.path(shape, 4, llvm::cantFail(Spec::parse(from, rank, axes)),
                             llvm::cantFail(Spec::parse(to, rank, axes)));
  return path ? words(*path, rank) : "none";
}

/// Carries out the path between each two Specs of `shape`; returns how many there were.
int carryOutAll(const Mesh &mesh, const Shape &shape, const DeviceModel &device) {
  std::mt19937 random(7);
  Resharder resharder(llvm::cantFail(CostModel::create(mesh, device)));
  Array global = randomArray(shape, random);
  int rank = static_cast<int>(shape.size()), paths = 0;
  auto specs = enumerateSpecs(shape, mesh, /*unreduced=*/true);
  for (const Spec &from : specs) {
    OnRanks start = place(global, from, mesh, random);
    EXPECT_TRUE(isLaidOut(start, global, from, mesh));
    for (const Spec &to : specs) {
      std::string what = mesh.str() + ": " + from.str(rank) + " to " + to.str(rank);
      auto path = resharder.path(shape, 4, from, to);
      // What was summed cannot come apart again; all else can be reached.
      bool possible = true;
      for (int axis = 0; axis < mesh.numAxes(); ++axis)
        possible &= !to.isUnreduced(axis) || from.isUnreduced(axis);
      EXPECT_EQ(path.has_value(), possible) << what;
      if (!path)
        continue;

      ++paths;
      OnRanks held = start;
      Spec at = from;
      double seconds = 0;
      for (const ReshardStep &step : path->steps) {
        EXPECT_NE(step.result, at) << what << ": a step that does nothing";
        held = carryOut(step, held, mesh);
        EXPECT_TRUE(isLaidOut(held, global, step.result, mesh))
            << what << " by " << words(*path, rank);
        at = step.result;
        seconds += step.seconds;
      }
      EXPECT_EQ(at, to) << what;
      EXPECT_NEAR(path->seconds, seconds, 1e-11 * (1 + seconds)) << what;
      // Copies are copies: what a replicated axis holds is the same on all its ranks.
      for (int64_t r = 0; r < mesh.numRanks(); ++r) {
        EXPECT_EQ(held[r].shape, *to.localShape(shape, mesh)) << what;
        for (int axis = 0; axis < mesh.numAxes(); ++axis) {
          if (!to.isReplicated(axis))
            continue;
          for (int64_t other : mesh.group(r, axis))
            EXPECT_EQ(held[other], held[r]) << what;
        }
      }
    }
  }
  return paths;
}

TEST(Resharding, everyPairComesOutAsASliceOfTheWhole) {
  // Two devices: links alike, and an outer axis so slow that paths go round it.
  for (const DeviceModel &device : {evenDevice(), slowOuterDevice()}) {
    int paths = 0;
    paths += carryOutAll(Mesh({2}), {4, 6, 2}, device);
    paths += carryOutAll(Mesh({4}), {8, 4}, device);
    paths += carryOutAll(Mesh({2, 2}), {4, 8}, device);
    paths += carryOutAll(Mesh({2, 2}), {4, 2, 4}, device); // 2 takes one axis only.
    paths += carryOutAll(Mesh({2, 3}), {6, 12}, device);
    paths += carryOutAll(Mesh({2, 1}), {4, 2}, device);
    paths += carryOutAll(Mesh({2, 2, 2}), {8, 8}, device);
    paths += carryOutAll(Mesh({2, 2}), {}, device);
    EXPECT_GT(paths, 2000);
  }
}

TEST(Resharding, theSimulationNoticesAWrongStep) {
  // S01R from S1R by a slice would need S10: the check must not let it pass.
  Mesh mesh({2, 2});
  std::mt19937 random(1);
  Array global = randomArray({4, 2}, random);
  Spec inner = Spec::replicated(2).withSplit(1, 0), both = inner.withSplit(0, 0);
  OnRanks held = place(global, inner, mesh, random);
  ReshardStep wrong{.kind = ReshardStep::Kind::Slice, .axes = {0}, .dim = 0, .result = both};
  EXPECT_FALSE(isLaidOut(carryOut(wrong, held, mesh), global, both, mesh));
  Spec summands = Spec::replicated(2).withUnreduced(0);
  EXPECT_FALSE(
      isLaidOut(place(global, summands, mesh, random), global, Spec::replicated(2), mesh));
}

TEST(Resharding, pathsAsOneWouldWriteThem) {
  Resharder resharder(llvm::cantFail(CostModel::create(Mesh({2, 4}), evenDevice())));
  auto path = [&](const char *from, const char *to) {
    return pathWords(resharder, {1024, 1024}, from, to);
  };
  EXPECT_EQ(path("S0R", "S0R"), "");
  EXPECT_EQ(path("S0R", "RR"), "all_gather 0 of dim 0 -> RR");
  EXPECT_EQ(path("RR", "S0R"), "slice 0 of dim 0 -> S0R");
  EXPECT_EQ(path("RR|U0", "RR"), "all_reduce 0 -> RR");
  EXPECT_EQ(path("RR|U0", "S0R"), "reduce_scatter 0 of dim 0 -> S0R");
  EXPECT_EQ(path("S0R", "RS0"), "all_to_all 0 of dim 0 to dim 1 -> RS0");
  // Several axes in one collective.
  EXPECT_EQ(path("S01R", "RR"), "all_gather 01 of dim 0 -> RR");
  EXPECT_EQ(path("RR|U01", "RR"), "all_reduce 01 -> RR");
  EXPECT_EQ(path("RR|U01", "S01R"), "reduce_scatter 01 of dim 0 -> S01R");
  EXPECT_EQ(path("S01R", "RS01"), "all_to_all 01 of dim 0 to dim 1 -> RS01");
}

TEST(Resharding, goesRoundWhatTheOrderOfAxesForbids) {
  Resharder resharder(llvm::cantFail(CostModel::create(Mesh({2, 4}), evenDevice())));
  // Axis 1 lies inside axis 0 and has to leave before it and to come back. A rank moves
  // 448 + 384 + 512 KiB of its 512 KiB to 1 MiB; taking axis 1 alone across, 384 + 512 + 768.
  EXPECT_EQ(pathWords(resharder, {1024, 1024}, "S01R", "S1R"),
            "all_to_all 01 of dim 0 to dim 1 -> RS01; all_to_all 1 of dim 1 to dim 0 -> S1S0; "
            "all_gather 0 of dim 1 -> S1R");
  // Slice first, so that less is exchanged: 448 + 384 KiB, in place of 1 MiB and then a slice.
  EXPECT_EQ(pathWords(resharder, {1024, 1024}, "S0R", "S1S0"),
            "slice 1 of dim 0 -> S01R; all_to_all 01 of dim 0 to dim 1 -> RS01; "
            "all_to_all 1 of dim 1 to dim 0 -> S1S0");
}

TEST(Resharding, whatCannotBeDone) {
  Resharder resharder(llvm::cantFail(CostModel::create(Mesh({2, 4}), evenDevice())));
  EXPECT_EQ(pathWords(resharder, {8, 8}, "RR", "RR|U0"), "none");
  EXPECT_EQ(pathWords(resharder, {8, 8}, "RR|U0", "RR|U1"), "none");
  EXPECT_EQ(pathWords(resharder, {4, 8}, "RR", "S01R"), "none"); // 4 does not divide by 2 * 4.
  EXPECT_EQ(pathWords(resharder, {4, 8}, "S01R", "RR"), "none");
  // A dimension that the tensor has not.
  Spec second = Spec::replicated(2).withSplit(0, 1);
  EXPECT_FALSE(resharder.path({8}, 4, Spec::replicated(2), second));
  EXPECT_EQ(resharder.picoseconds({8}, 4, Spec::replicated(2), second), neverPicoseconds);
}

TEST(Resharding, aSlowOuterAxisIsCrossedWithLittle) {
  // Partial sums over both axes: scatter inside, add up what is left across, gather inside.
  Resharder resharder(llvm::cantFail(CostModel::create(Mesh({2, 4}), slowOuterDevice())));
  EXPECT_EQ(
      pathWords(resharder, {1024, 1024}, "RR|U01", "RR"),
      "reduce_scatter 1 of dim 0 -> S1R|U0; all_reduce 0 -> S1R; all_gather 1 of dim 0 -> RR");
}

TEST(Resharding, axesOfSizeOneDoNotMatter) {
  Resharder resharder(llvm::cantFail(CostModel::create(Mesh({1, 4}), evenDevice())));
  EXPECT_EQ(pathWords(resharder, {8, 8}, "S0R", "RR"), "");
  EXPECT_EQ(pathWords(resharder, {8, 8}, "RR", "RR|U0"), "");
  EXPECT_EQ(pathWords(resharder, {8, 8}, "S01R", "RR"), "all_gather 1 of dim 0 -> RR");
  // 3 divides by 1.
  EXPECT_EQ(pathWords(resharder, {3, 8}, "S0R", "RS1"), "slice 1 of dim 1 -> RS1");
}

} // namespace
