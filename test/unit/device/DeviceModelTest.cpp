// Device models: what their JSON may say, and the links that a mesh gets.
#include "compiler/device/DeviceModel.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "gtest/gtest.h"

using namespace autopar;

namespace {

constexpr llvm::StringLiteral small = R"({
  "name": "small",
  "memory_bytes": 1000,
  "reserve_bytes": 10,
  "peak_flops": {"f32": 10, "tf32": 20, "bf16": 40, "f16": 50, "f64": {"value": 5, "source": "a sheet"}},
  "efficiency": 0.5,
  "memory_bytes_per_second": 100,
  "launch_seconds": 0.25,
  "nodes": {"ranks_per_node": 4,
            "inside": {"latency_seconds": 1, "bytes_per_second": 8},
            "between": {"latency_seconds": 2, "bytes_per_second": 4}}
})";

/// `small` with one piece of text in place of another.
std::string with(llvm::StringRef old, llvm::StringRef fresh) {
  size_t at = small.find(old);
  EXPECT_NE(at, llvm::StringRef::npos) << old.str();
  return (small.substr(0, at) + fresh + small.substr(at + old.size())).str();
}

std::string errorOf(llvm::StringRef json) {
  auto device = DeviceModel::parse(json, "d.json");
  return device ? "" : llvm::toString(device.takeError());
}

std::string written(const DeviceModel &device) {
  std::string text;
  llvm::raw_string_ostream out(text);
  device.write(out);
  return text;
}

TEST(DeviceModel, readsFiguresWithAndWithoutSources) {
  DeviceModel device = llvm::cantFail(DeviceModel::parse(small, "d.json"));
  EXPECT_EQ(device.name, "small");
  EXPECT_EQ(device.memory, 1000);
  EXPECT_EQ(device.reserve, 10);
  EXPECT_EQ(device.peak(Precision::F32), 10);
  EXPECT_EQ(device.peak(Precision::TF32), 20);
  EXPECT_EQ(device.peak(Precision::BF16), 40);
  EXPECT_EQ(device.peak(Precision::F16), 50);
  EXPECT_EQ(device.peak(Precision::F64), 5);
  EXPECT_EQ(device.peak(Precision::F64).source, "a sheet");
  EXPECT_EQ(device.peak(Precision::F32).source, "");
  EXPECT_EQ(device.launch, 0.25);
}

TEST(DeviceModel, namesTheFieldThatIsWrong) {
  EXPECT_EQ(errorOf(with("\"efficiency\": 0.5,", "")), "d.json: efficiency: missing");
  EXPECT_EQ(errorOf(with("\"f16\": 50, ", "")), "d.json: peak_flops.f16: missing");
  EXPECT_EQ(errorOf(with("\"efficiency\": 0.5", "\"efficiency\": 70")),
            "d.json: efficiency: expected a number above 0, at most 1, found 70");
  EXPECT_EQ(errorOf(with("1000", "\"1 GB\"")),
            "d.json: memory_bytes: expected a positive whole number, found \"1 GB\"");
  EXPECT_EQ(errorOf(with("1000", "10.5")),
            "d.json: memory_bytes: expected a positive whole number, found 10.5");
  EXPECT_EQ(errorOf(with("\"f32\": 10", "\"f32\": 0")),
            "d.json: peak_flops.f32: expected a positive number, found 0");
  EXPECT_EQ(errorOf(with("0.25", "-1")),
            "d.json: launch_seconds: expected a number that is not negative, found -1");
  EXPECT_EQ(errorOf(with("\"bytes_per_second\": 4", "\"bytes_per_second\": null")),
            "d.json: nodes.between.bytes_per_second: expected a positive number, found null");
  EXPECT_EQ(errorOf(with("\"latency_seconds\": 2, ", "")),
            "d.json: nodes.between.latency_seconds: missing");
  EXPECT_EQ(errorOf(with("\"source\"", "\"sauce\"")),
            "d.json: peak_flops.f64.sauce: unknown field; known here: value, source");
  EXPECT_EQ(errorOf(with("\"small\"", "3")), "d.json: name: expected text, found 3");
  EXPECT_EQ(errorOf("[1]"), "d.json: the file: expected an object, found [1]");
  EXPECT_EQ(errorOf("{").find("d.json: not JSON: "), 0u);
}

TEST(DeviceModel, namesThePriceThatIsWrong) {
  auto withPrices = [](llvm::StringRef prices) {
    return with("\"nodes\"", ("\"operations\": " + prices + ", \"nodes\"").str());
  };
  EXPECT_EQ(errorOf(withPrices("3")),
            "d.json: operations: expected an object, a kind of operation a field");
  EXPECT_EQ(errorOf(withPrices("{\"relu\": {\"seconds_per_flop\": 0, \"launch_seconds\": 1}}")),
            "d.json: operations.relu.seconds_per_byte: missing");
  EXPECT_EQ(errorOf(withPrices("{\"relu\": {\"seconds_per_flop\": -1, \"seconds_per_byte\": 0, "
                               "\"launch_seconds\": 1}}")),
            "d.json: operations.relu.seconds_per_flop: expected a number that is not negative, "
            "found -1");
}

TEST(DeviceModel, wantsOneKindOfLinks) {
  std::string way =
      "; give either nodes (links inside and between them) or axis_links (one link "
      "a mesh axis)";
  EXPECT_EQ(errorOf(with("\"efficiency\"", "\"axis_links\": [], \"efficiency\"")),
            "d.json: nodes and axis_links: both given" + way);
  size_t nodes = small.find(",\n  \"nodes\"");
  EXPECT_EQ(errorOf((small.substr(0, nodes) + "}").str()), "d.json: nodes: missing" + way);
  EXPECT_EQ(
      errorOf((small.substr(0, nodes) + ", \"axis_links\": [{\"latency_seconds\": 1}]}").str()),
      "d.json: axis_links[0].bytes_per_second: missing");
  EXPECT_EQ(errorOf((small.substr(0, nodes) + ", \"axis_links\": []}").str()),
            "d.json: axis_links: expected a list of links, one a mesh axis");
}

TEST(DeviceModel, linksOfAxesFollowFromTheNodes) {
  DeviceModel device = llvm::cantFail(DeviceModel::parse(small, "d.json"));
  auto kinds = [&](const Mesh &mesh) {
    std::string kinds;
    for (const Link &link : llvm::cantFail(device.linksOf(mesh)))
      kinds += link.bandwidth == 8 ? 'i' : 'b';
    return kinds;
  };
  // Four ranks a node.
  EXPECT_EQ(kinds(Mesh({2, 2})), "ii");
  EXPECT_EQ(kinds(Mesh({4, 2})), "bi");
  EXPECT_EQ(kinds(Mesh({2, 2, 2})), "bii");
  EXPECT_EQ(kinds(Mesh({8})), "b");
  EXPECT_EQ(kinds(Mesh({3})), "i");
  // Groups of 3 in nodes of 4: ranks 3, 4, 5 lie on two nodes.
  EXPECT_EQ(kinds(Mesh({2, 3})), "bb");
}

TEST(DeviceModel, linksOfAxesFollowFromTheNodesAsByCounting) {
  DeviceModel device = llvm::cantFail(DeviceModel::parse(small, "d.json"));
  auto &nodes = std::get<NodeLinks>(device.links);
  for (int64_t perNode = 1; perNode <= 13; ++perNode)
    for (int64_t a = 1; a <= 4; ++a)
      for (int64_t b = 1; b <= 4; ++b)
        for (int64_t c = 1; c <= 4; ++c) {
          nodes.ranksPerNode.value = static_cast<double>(perNode);
          Mesh mesh({a, b, c});
          auto links = llvm::cantFail(device.linksOf(mesh));
          for (int axis = 0; axis < 3; ++axis) {
            if (mesh.sizes[axis] == 1)
              continue; // Nothing passes over it.
            bool inside = true;
            for (int64_t rank = 0; rank < mesh.numRanks(); ++rank)
              for (int64_t other : mesh.group(rank, axis))
                inside &= other / perNode == rank / perNode;
            EXPECT_EQ(links[axis], inside ? nodes.inside : nodes.between)
                << mesh.str() << " axis " << axis << ", " << perNode << " a node";
          }
        }
}

TEST(DeviceModel, listedLinksMustCoverTheMesh) {
  DeviceModel device = llvm::cantFail(DeviceModel::parse(small, "d.json"));
  NodeLinks nodes = std::get<NodeLinks>(device.links);
  device.links = AxisLinks{nodes.between, nodes.inside};
  auto links = llvm::cantFail(device.linksOf(Mesh({2, 2})));
  EXPECT_EQ(links[0], nodes.between);
  EXPECT_EQ(links[1], nodes.inside);
  EXPECT_EQ(llvm::toString(device.linksOf(Mesh({2, 2, 2})).takeError()),
            "device 'small' lists links for 2 mesh axes, the mesh 2x2x2 has 3; add to its "
            "axis_links");
}

TEST(DeviceModel, writesWhatItReads) {
  DeviceModel device = llvm::cantFail(DeviceModel::parse(small, "d.json"));
  device.launch = {0.1 + 0.2, "a sum that no short number equals"};
  EXPECT_EQ(llvm::cantFail(DeviceModel::parse(written(device), "again")), device);
  device.links = AxisLinks{std::get<NodeLinks>(device.links).inside};
  EXPECT_EQ(llvm::cantFail(DeviceModel::parse(written(device), "again")), device);
  device.operations["conv2d"] = {{1e-11, "a run"}, {0.3 - 0.1, ""}, {0, ""}};
  device.operations["relu"] = {{0, ""}, {2.5e-10, ""}, {1e-6, "a run"}};
  EXPECT_EQ(llvm::cantFail(DeviceModel::parse(written(device), "again")), device);
}

TEST(DeviceModel, presetsGiveASourceForEachNumber) {
  auto presets = DeviceModel::presets();
  for (const char *name : {"a100-sxm-80g", "cpu", "h100-sxm"})
    EXPECT_TRUE(llvm::is_contained(presets, name)) << name;
  for (const std::string &name : presets) {
    DeviceModel device = llvm::cantFail(DeviceModel::load(name));
    EXPECT_EQ(device.name, name);
    EXPECT_EQ(llvm::cantFail(DeviceModel::parse(written(device), "again")), device);
    std::vector<Figure> figures = {device.memory, device.reserve, device.efficiency,
                                   device.memoryBandwidth, device.launch};
    figures.insert(figures.end(), device.peaks.begin(), device.peaks.end());
    auto links = llvm::cantFail(device.linksOf(Mesh({64, 8})));
    for (const Link &link : links)
      figures.insert(figures.end(), {link.latency, link.bandwidth});
    if (const auto *nodes = std::get_if<NodeLinks>(&device.links))
      figures.push_back(nodes->ranksPerNode);
    for (const Figure &figure : figures)
      EXPECT_FALSE(figure.source.empty()) << name << ": " << figure.value;
  }
}

TEST(DeviceModel, loadsFilesAndSaysWhenItCannot) {
  llvm::SmallString<64> path;
  int file;
  ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("device", "json", file, path));
  llvm::raw_fd_ostream(file, /*shouldClose=*/true) << small;
  EXPECT_EQ(llvm::cantFail(DeviceModel::load(path)).name, "small");
  llvm::sys::fs::remove(path);
  EXPECT_EQ(llvm::toString(DeviceModel::load(path).takeError()),
            "device '" + path.str().str() + "': cannot be read: No such file or directory");
  EXPECT_EQ(
      llvm::toString(DeviceModel::load("tpu").takeError()),
      "device 'tpu': no such preset; there are a100-sxm-80g, cpu, h100-sxm, or name a .json "
      "file");
}

} // namespace

TEST(DeviceModel, isNotNestedBeyondReason) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_EQ(errorOf(deep), "d.json: not JSON: objects and lists stand in each other more than "
                           "64 deep");
}
