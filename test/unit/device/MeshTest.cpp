// How a mesh is written, and where its ranks sit.
#include "dialects/dist/Spec.h"

#include "gtest/gtest.h"

using namespace autopar;

namespace {

std::string meshError(llvm::StringRef text) {
  auto mesh = Mesh::parse(text);
  return mesh ? "read as " + mesh->str() : llvm::toString(mesh.takeError());
}

TEST(Mesh, readsOneToThreeAxes) {
  for (const char *text : {"1", "4", "2x4", "1x1", "2x3x4"})
    EXPECT_EQ(llvm::cantFail(Mesh::parse(text)).str(), text);
  Mesh mesh = llvm::cantFail(Mesh::parse("2x3x4"));
  EXPECT_EQ(mesh.names, (llvm::SmallVector<std::string, maxMeshAxes>{"x", "y", "z"}));
  EXPECT_EQ(mesh.numRanks(), 24);
}

TEST(Mesh, saysWhatIsWrong) {
  const std::string form = "; write one to three sizes joined by 'x', as in 4 or 2x4";
  EXPECT_EQ(meshError("2y2"), "mesh '2y2': '2y2' is not a size" + form);
  EXPECT_EQ(meshError("0x2"), "mesh '0x2': an axis of size 0 has no ranks" + form);
  EXPECT_EQ(meshError("2x"), "mesh '2x': a size is missing beside an 'x'" + form);
  EXPECT_EQ(meshError("x2"), "mesh 'x2': a size is missing beside an 'x'" + form);
  EXPECT_EQ(meshError(""), "mesh '': it is empty" + form);
  EXPECT_EQ(meshError("-2x2"), "mesh '-2x2': '-2' is not a size" + form);
  EXPECT_EQ(meshError("2 x2"), "mesh '2 x2': '2 ' is not a size" + form);
  EXPECT_EQ(meshError("1x2x3x4"), "mesh '1x2x3x4': it has 4 axes" + form);
}

TEST(Mesh, hasNoMoreRanksThanMpiCanNumber) {
  EXPECT_EQ(llvm::cantFail(Mesh::parse("2147483647")).numRanks(), 2147483647);
  for (const char *text :
       {"2147483648", "65536x32768", "4294967296x4294967296", "99999999999999999999"})
    EXPECT_NE(meshError(text).find("it has more than 2147483647 ranks"), std::string::npos)
        << meshError(text);
}

TEST(Mesh, numbersRanksRowMajor) {
  Mesh mesh({2, 3});
  EXPECT_EQ(mesh.coordinates(4), (llvm::SmallVector<int64_t, 3>{1, 1})); // 4 = 1 * 3 + 1
  Mesh cube({2, 3, 4});
  EXPECT_EQ(cube.coordinates(23), (llvm::SmallVector<int64_t, 3>{1, 2, 3}));
}

TEST(Mesh, groupsRanksThatDifferOnSomeAxes) {
  Mesh mesh({2, 3});
  EXPECT_EQ(mesh.group(4, {0}), (llvm::SmallVector<int64_t>{1, 4}));
  EXPECT_EQ(mesh.group(4, {1}), (llvm::SmallVector<int64_t>{3, 4, 5}));
  EXPECT_EQ(mesh.group(4, {0, 1}), (llvm::SmallVector<int64_t>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(mesh.group(4, {}), (llvm::SmallVector<int64_t>{4}));
  // Rows of the outer axis first: (0,1), (0,3), ... of a 2x2x2.
  EXPECT_EQ(Mesh({2, 2, 2}).group(3, {0, 2}), (llvm::SmallVector<int64_t>{2, 3, 6, 7}));
}

} // namespace
