// Specs: their form in print, and the blocks they mean.
#include "dialects/dist/Spec.h"

#include "llvm/ADT/DenseSet.h"
#include "gtest/gtest.h"

#include <set>
#include <unordered_set>

using namespace autopar;

namespace {

using Shape = llvm::SmallVector<int64_t>;

Spec spec(llvm::StringRef text, int rank = 2, int axes = 2) {
  return llvm::cantFail(Spec::parse(text, rank, axes));
}

std::string specError(llvm::StringRef text, int rank = 2, int axes = 2) {
  auto spec = Spec::parse(text, rank, axes);
  return spec ? "read as " + spec->str(rank) : llvm::toString(spec.takeError());
}

TEST(Spec, printsAsTheFieldWritesIt) {
  Spec whole = Spec::replicated(2);
  EXPECT_EQ(whole.str(2), "RR");
  EXPECT_EQ(whole.withSplit(0, 0).str(2), "S0R");
  EXPECT_EQ(whole.withSplit(0, 0).withSplit(1, 1).str(2), "S0S1");
  EXPECT_EQ(whole.withSplit(1, 0).withSplit(0, 0).str(2), "S01R");
  EXPECT_EQ(whole.withUnreduced(1).str(2), "RR|U1");
  EXPECT_EQ(whole.withUnreduced(0).withUnreduced(1).str(2), "RR|U01");
  EXPECT_EQ(whole.withSplit(0, 1).withUnreduced(1).str(2), "RS0|U1");
  EXPECT_EQ(whole.str(0), "-");
  EXPECT_EQ(whole.withUnreduced(0).str(0), "-|U0");
}

TEST(Spec, leavesOutDimensionsThatAreWhole) {
  Spec channels = Spec::replicated(2).withSplit(0, 0).withSplit(1, 3);
  EXPECT_EQ(channels.str(4, {1, 2}), "S0S1");
  // A split dimension is never hidden.
  EXPECT_EQ(Spec::replicated(2).withSplit(1, 2).str(4, {1, 2}), "RRS1R");
}

TEST(Spec, readsWhatItPrints) {
  int rank = 3;
  for (const Spec &each : enumerateSpecs({8, 8, 8}, Mesh({2, 2, 2}), true)) {
    EXPECT_EQ(llvm::cantFail(Spec::parse(each.str(rank), rank, 3)), each);
    EXPECT_EQ(llvm::cantFail(Spec::parse(each.str(rank, {1}), rank, 3, {1})), each);
  }
  EXPECT_EQ(spec("-|U1", 0), Spec::replicated(2).withUnreduced(1));
}

TEST(Spec, saysWhatIsWrong) {
  const std::string form =
      "; write R or S and its mesh axes for each dimension, then |U and the "
      "unreduced axes, as in S01R or RR|U1";
  EXPECT_EQ(specError("S10R"), "sharding 'S10R': axis 0 after axis 1: axes ascend" + form);
  EXPECT_EQ(specError("S0S0"), "sharding 'S0S0': axis 0 is used twice" + form);
  EXPECT_EQ(specError("S0R|U0"), "sharding 'S0R|U0': axis 0 is used twice" + form);
  EXPECT_EQ(specError("S2R"), "sharding 'S2R': axis 2 on a mesh of 2" + form);
  EXPECT_EQ(specError("SR"), "sharding 'SR': a mesh axis is missing" + form);
  EXPECT_EQ(specError("RRR"), "sharding 'RRR': it has 3 dimensions, the tensor has 2" + form);
  EXPECT_EQ(specError("R"), "sharding 'R': it has 1 dimensions, the tensor has 2" + form);
  EXPECT_EQ(specError("RR|U"), "sharding 'RR|U': a mesh axis is missing" + form);
  EXPECT_EQ(specError("RR|"), "sharding 'RR|': '|' is left over" + form);
  EXPECT_EQ(specError("RRx"), "sharding 'RRx': 'x' is left over" + form);
  EXPECT_EQ(specError("RxR"), "sharding 'RxR': 'x' is neither R nor S" + form);
  EXPECT_EQ(specError("", 0), "sharding '': a tensor of no dimensions is '-'" + form);
}

TEST(Spec, dividesShapesExactly) {
  Mesh mesh({2, 3});
  EXPECT_EQ(*spec("S01R").localShape({12, 5}, mesh), Shape({2, 5}));
  EXPECT_EQ(*spec("S1S0").localShape({12, 6}, mesh), Shape({4, 3}));
  EXPECT_EQ(*spec("RR|U01").localShape({7, 5}, mesh), Shape({7, 5}));
  EXPECT_EQ(*spec("-|U0", 0).localShape({}, mesh), Shape());
  // 8 divides by 2 but not by 2 * 3; 5 by neither.
  EXPECT_FALSE(spec("S01R").localShape({8, 6}, mesh));
  EXPECT_FALSE(spec("RS0").localShape({8, 5}, mesh));
  // A dimension that the tensor does not have.
  EXPECT_FALSE(spec("RS0").localShape({8}, mesh));
}

TEST(Spec, blocksAreRowMajorOverTheAxes) {
  Mesh mesh({2, 3});
  // Rank 4 sits at (1, 1): of six blocks of 2 it holds block 1 * 3 + 1.
  EXPECT_EQ(spec("S01R").offsets({12, 5}, mesh, 4), Shape({8, 0}));
  EXPECT_EQ(spec("S1S0").offsets({12, 6}, mesh, 4), Shape({4, 3}));
  EXPECT_EQ(spec("RR|U1").offsets({12, 6}, mesh, 4), Shape({0, 0}));
}

TEST(Spec, blocksTileTheTensor) {
  Shape shape = {12, 6};
  for (Mesh mesh : {Mesh({2}), Mesh({2, 3}), Mesh({2, 1, 3})})
    for (const Spec &each : enumerateSpecs(shape, mesh, /*unreduced=*/false)) {
      llvm::SmallVector<int> holders(12 * 6, 0);
      for (int64_t rank = 0; rank < mesh.numRanks(); ++rank) {
        Shape local = *each.localShape(shape, mesh), at = each.offsets(shape, mesh, rank);
        for (int64_t i = at[0]; i < at[0] + local[0]; ++i)
          for (int64_t j = at[1]; j < at[1] + local[1]; ++j)
            ++holders[i * 6 + j];
      }
      int copies = 1;
      for (int axis = 0; axis < mesh.numAxes(); ++axis)
        if (each.isReplicated(axis))
          copies *= mesh.sizes[axis];
      for (int count : holders)
        EXPECT_EQ(count, copies) << each.str(2) << " on " << mesh.str();
    }
}

TEST(Spec, oneFormForAxesOfSizeOne) {
  Mesh mesh({2, 1});
  EXPECT_EQ(spec("S0S1").canonical(mesh), spec("S0R"));
  EXPECT_EQ(spec("RR|U1").canonical(mesh), spec("RR"));
  EXPECT_EQ(spec("S0R|U1").canonical(mesh).str(2), "S0R");
}

TEST(Spec, enumeratesEachDivisionOnce) {
  auto names = [](llvm::ArrayRef<int64_t> shape, const Mesh &mesh, bool unreduced) {
    std::set<std::string> names;
    llvm::SmallVector<Spec> specs = enumerateSpecs(shape, mesh, unreduced);
    for (const Spec &each : specs)
      names.insert(each.str(static_cast<int>(shape.size())));
    EXPECT_EQ(names.size(), specs.size());
    return names;
  };
  using Names = std::set<std::string>;
  EXPECT_EQ(names({4, 2}, Mesh({2}), false), Names({"RR", "S0R", "RS0"}));
  EXPECT_EQ(names({4, 2}, Mesh({2}), true), Names({"RR", "S0R", "RS0", "RR|U0"}));
  // 2 does not divide by 2 * 2, nor 3 by 2.
  EXPECT_EQ(names({2, 3}, Mesh({2, 2}), false), Names({"RR", "S0R", "S1R"}));
  EXPECT_EQ(names({4, 3}, Mesh({2, 2}), false), Names({"RR", "S0R", "S1R", "S01R"}));
  EXPECT_EQ(names({4, 2}, Mesh({1, 2}), false), Names({"RR", "S1R", "RS1"}));
  EXPECT_EQ(names({}, Mesh({2, 2}), true), Names({"-", "-|U0", "-|U1", "-|U01"}));
  // (3 dimensions + replicated + unreduced) ^ 3 axes.
  EXPECT_EQ(enumerateSpecs({8, 8, 8}, Mesh({2, 2, 2}), true).size(), 125u);
}

TEST(Spec, isAKeyOfSetsAndMaps) {
  auto specs = enumerateSpecs({8, 8, 8}, Mesh({2, 2, 2}), true);
  std::set<Spec> ordered(specs.begin(), specs.end());
  std::unordered_set<Spec> hashed(specs.begin(), specs.end());
  llvm::DenseSet<Spec> dense(specs.begin(), specs.end());
  EXPECT_EQ(ordered.size(), specs.size());
  EXPECT_EQ(hashed.size(), specs.size());
  EXPECT_EQ(dense.size(), specs.size());
  EXPECT_TRUE(dense.contains(Spec::replicated(3)));
  // The same places on a mesh of other axes are another Spec.
  EXPECT_FALSE(dense.contains(Spec::replicated(2)));
  EXPECT_NE(Spec::replicated(2), Spec::replicated(3));
}

} // namespace
