// Device models in and out of JSON, and the links that a mesh's axes get.
#include "compiler/device/DeviceModel.h"

#include "compiler/device/Presets.h"
#include "compiler/json/Json.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace autopar {

llvm::StringRef name(Precision precision) {
  switch (precision) {
  case Precision::F32:
    return "f32";
  case Precision::TF32:
    return "tf32";
  case Precision::BF16:
    return "bf16";
  case Precision::F16:
    return "f16";
  case Precision::F64:
    return "f64";
  }
  llvm_unreachable("no such precision");
}

llvm::Expected<llvm::SmallVector<Link, maxMeshAxes>>
DeviceModel::linksOf(const Mesh &mesh) const {
  llvm::SmallVector<Link, maxMeshAxes> found;
  if (const auto *listed = std::get_if<AxisLinks>(&links)) {
    if (static_cast<int>(listed->size()) < mesh.numAxes())
      return llvm::createStringError("device '%s' lists links for %zu mesh axes, the mesh %s "
                                     "has %d; add to its axis_links",
                                     name.c_str(), listed->size(), mesh.str().c_str(),
                                     mesh.numAxes());
    found.append(listed->begin(), listed->begin() + mesh.numAxes());
    return found;
  }

  const auto &nodes = std::get<NodeLinks>(links);
  auto perNode = static_cast<int64_t>(nodes.ranksPerNode);
  // The groups of an axis fill runs of `block` ranks, of which no end of a node may cut one.
  int64_t block = mesh.numRanks();
  for (int64_t size : mesh.sizes) {
    bool inside = mesh.numRanks() <= perNode || perNode % block == 0;
    found.push_back(inside ? nodes.inside : nodes.between);
    block /= size;
  }
  return found;
}

//===-- Reading
//-----------------------------------------------------------------------------===//

namespace {

/// What a figure may be.
struct Range {
  double above; ///< Exclusive.
  double most = std::numeric_limits<double>::max();
  bool whole = false;
  const char *words;
};
constexpr double belowZero = -std::numeric_limits<double>::denorm_min();
constexpr Range positive = {.above = 0, .words = "a positive number"};
constexpr Range atLeastZero = {.above = belowZero, .words = "a number that is not negative"};
constexpr Range share = {.above = 0, .most = 1, .words = "a number above 0, at most 1"};
/// Every whole number up to 2^53 is a double.
constexpr Range count = {
    .above = 0, .most = 9007199254740992.0, .whole = true, .words = "a positive whole number"};

/// Walks the JSON and keeps the first thing that is wrong; once something is, all else is a
/// no-op.
class Reader {
public:
  explicit Reader(llvm::StringRef where) : where(where) {}

  /// The object at `field`, when it has all of `required` and nothing but these and `optional`.
  const llvm::json::Object *object(const llvm::json::Value *value, llvm::StringRef field,
                                   llvm::ArrayRef<llvm::StringRef> required,
                                   llvm::ArrayRef<llvm::StringRef> optional = {}) {
    if (!value || failed())
      return nullptr;
    const auto *object = value->getAsObject();
    if (!object)
      return expected(field, "an object", *value), nullptr;
    for (llvm::StringRef key : required)
      if (!object->get(key))
        return fail(join(field, key) + ": missing"), nullptr;
    for (const auto &entry : *object) {
      llvm::StringRef key = entry.first;
      if (!llvm::is_contained(required, key) && !llvm::is_contained(optional, key))
        return fail(join(field, key) + ": unknown field; known here: " +
                    llvm::join(llvm::concat<const llvm::StringRef>(required, optional), ", ")),
               nullptr;
    }
    return object;
  }

  std::string string(const llvm::json::Value *value, llvm::StringRef field) {
    if (!value || failed())
      return {};
    auto text = value->getAsString();
    if (!text || text->empty())
      return expected(field, "text", *value), "";
    return text->str();
  }

  Figure figure(const llvm::json::Value *value, llvm::StringRef field, const Range &range) {
    if (!value || failed())
      return {};
    Figure figure;
    if (value->getAsObject()) {
      const auto *parts = object(value, field, {"value"}, {"source"});
      if (!parts)
        return {};
      if (const auto *source = parts->get("source"))
        figure.source = string(source, join(field, "source"));
      value = parts->get("value");
    }
    auto number = value->getAsNumber();
    if (!number || !(*number > range.above && *number <= range.most) ||
        (range.whole && *number != std::floor(*number)))
      return expected(field, range.words, *value), Figure();
    figure.value = *number;
    return figure;
  }

  Link link(const llvm::json::Value *value, llvm::StringRef field) {
    const auto *parts = object(value, field, {"latency_seconds", "bytes_per_second"});
    if (!parts)
      return {};
    return {.latency = figure(parts->get("latency_seconds"), join(field, "latency_seconds"),
                              atLeastZero),
            .bandwidth = figure(parts->get("bytes_per_second"), join(field, "bytes_per_second"),
                                positive)};
  }

  static std::string join(llvm::StringRef field, llvm::StringRef key) {
    return field.empty() ? key.str() : (field + "." + key).str();
  }
  void fail(const llvm::Twine &message) {
    if (!failed())
      wrong = (where + ": " + message).str();
  }
  bool failed() const { return !wrong.empty(); }
  llvm::Error error() const { return llvm::createStringError(wrong); }

private:
  void expected(llvm::StringRef field, llvm::StringRef words, const llvm::json::Value &found) {
    std::string text = llvm::formatv("{0}", found);
    constexpr size_t most = 40;
    if (text.size() > most)
      text = text.substr(0, most) + "...";
    fail((field.empty() ? llvm::Twine("the file") : llvm::Twine(field)) + ": expected " +
         words + ", found " + text);
  }

  std::string where, wrong;
};

std::variant<NodeLinks, AxisLinks> readLinks(Reader &reader, const llvm::json::Object &model) {
  const auto *nodes = model.get("nodes"), *axes = model.get("axis_links");
  if (!nodes == !axes) {
    reader.fail(llvm::Twine(nodes ? "nodes and axis_links: both given" : "nodes: missing") +
                "; give either nodes (links inside and between them) or axis_links (one link a "
                "mesh axis)");
    return {};
  }

  if (nodes) {
    const auto *parts = reader.object(nodes, "nodes", {"ranks_per_node", "inside", "between"});
    if (!parts)
      return {};
    return NodeLinks{.ranksPerNode = reader.figure(parts->get("ranks_per_node"),
                                                   "nodes.ranks_per_node", count),
                     .inside = reader.link(parts->get("inside"), "nodes.inside"),
                     .between = reader.link(parts->get("between"), "nodes.between")};
  }

  const auto *list = axes->getAsArray();
  if (!list || list->empty()) {
    reader.fail("axis_links: expected a list of links, one a mesh axis");
    return {};
  }
  AxisLinks links;
  for (const auto &[axis, link] : llvm::enumerate(*list))
    links.push_back(reader.link(&link, llvm::formatv("axis_links[{0}]", axis).str()));
  return links;
}

std::map<std::string, MeasuredOperation> readOperations(Reader &reader,
                                                        const llvm::json::Object &model) {
  std::map<std::string, MeasuredOperation> operations;
  const auto *value = model.get("operations");
  const auto *kinds = value ? value->getAsObject() : nullptr;
  if (value && !kinds)
    reader.fail("operations: expected an object, a kind of operation a field");
  if (!kinds)
    return operations;
  for (const auto &entry : *kinds) {
    llvm::StringRef kind = entry.first;
    std::string field = Reader::join("operations", kind);
    const auto *parts = reader.object(
        &entry.second, field, {"seconds_per_flop", "seconds_per_byte", "launch_seconds"});
    if (!parts)
      return operations;
    auto figure = [&](llvm::StringRef key) {
      return reader.figure(parts->get(key), Reader::join(field, key), atLeastZero);
    };
    operations[kind.str()] = {.perFlop = figure("seconds_per_flop"),
                              .perByte = figure("seconds_per_byte"),
                              .launch = figure("launch_seconds")};
  }
  return operations;
}

} // namespace

llvm::Expected<DeviceModel> DeviceModel::parse(llvm::StringRef json, llvm::StringRef where) {
  auto root = parseJson(json);
  if (!root)
    return llvm::createStringError(where + ": not JSON: " + llvm::toString(root.takeError()));

  Reader reader(where);
  const auto *model = reader.object(&*root, "",
                                    {"name", "memory_bytes", "reserve_bytes", "peak_flops",
                                     "efficiency", "memory_bytes_per_second",
                                     "launch_seconds"},
                                    {"nodes", "axis_links", "operations"});
  if (!model)
    return reader.error();

  DeviceModel device;
  auto figure = [&](llvm::StringRef field, const Range &range) {
    return reader.figure(model->get(field), field, range);
  };
  device.name = reader.string(model->get("name"), "name");
  device.memory = figure("memory_bytes", count);
  device.reserve = figure("reserve_bytes", atLeastZero);
  device.efficiency = figure("efficiency", share);
  device.memoryBandwidth = figure("memory_bytes_per_second", positive);
  device.launch = figure("launch_seconds", atLeastZero);
  device.links = readLinks(reader, *model);
  device.operations = readOperations(reader, *model);

  auto names = llvm::map_to_vector(allPrecisions, autopar::name);
  if (const auto *peaks = reader.object(model->get("peak_flops"), "peak_flops", names))
    for (auto [peak, name] : llvm::zip_equal(device.peaks, names))
      peak = reader.figure(peaks->get(name), Reader::join("peak_flops", name), positive);

  if (device.reserve >= device.memory && !reader.failed())
    reader.fail(llvm::formatv("reserve_bytes: {0} leaves nothing of memory_bytes, {1}",
                              device.reserve.value, device.memory.value));

  if (reader.failed())
    return reader.error();
  return device;
}

llvm::Expected<DeviceModel> DeviceModel::load(llvm::StringRef nameOrPath) {
  if (!nameOrPath.contains('/') && !nameOrPath.ends_with(".json")) {
    auto preset = readPreset(nameOrPath);
    if (!preset)
      return llvm::createStringError("device '" + nameOrPath + "': no such preset; there are " +
                                     llvm::join(presets(), ", ") + ", or name a .json file");
    return parse(*preset, nameOrPath);
  }
  auto file = llvm::MemoryBuffer::getFile(nameOrPath, /*IsText=*/true,
                                          /*RequiresNullTerminator=*/true, /*IsVolatile=*/true);
  if (!file)
    return llvm::createStringError("device '" + nameOrPath +
                                   "': cannot be read: " + file.getError().message());
  return parse((*file)->getBuffer(), nameOrPath);
}

llvm::SmallVector<std::string> DeviceModel::presets() { return presetNames(); }

//===-- Writing
//-----------------------------------------------------------------------------===//

namespace {

void writeFigure(llvm::json::OStream &json, llvm::StringRef field, const Figure &figure) {
  // The shortest digits that read back the same; 67e12 stays readable.
  char digits[32];
  auto end = std::to_chars(digits, digits + sizeof(digits), figure.value).ptr;
  llvm::StringRef number(digits, end - digits);

  json.attributeBegin(field);
  if (figure.source.empty()) {
    json.rawValue(number);
  } else {
    json.object([&] {
      json.attributeBegin("value");
      json.rawValue(number);
      json.attributeEnd();
      json.attribute("source", figure.source);
    });
  }
  json.attributeEnd();
}

void writeLink(llvm::json::OStream &json, const Link &link) {
  json.object([&] {
    writeFigure(json, "latency_seconds", link.latency);
    writeFigure(json, "bytes_per_second", link.bandwidth);
  });
}

} // namespace

void DeviceModel::write(llvm::raw_ostream &out) const {
  llvm::json::OStream json(out, /*IndentSize=*/2);
  json.object([&] {
    json.attribute("name", name);
    writeFigure(json, "memory_bytes", memory);
    writeFigure(json, "reserve_bytes", reserve);
    json.attributeObject("peak_flops", [&] {
      for (Precision precision : allPrecisions)
        writeFigure(json, autopar::name(precision), peak(precision));
    });
    writeFigure(json, "efficiency", efficiency);
    writeFigure(json, "memory_bytes_per_second", memoryBandwidth);
    writeFigure(json, "launch_seconds", launch);
    if (const auto *nodes = std::get_if<NodeLinks>(&links)) {
      json.attributeObject("nodes", [&] {
        writeFigure(json, "ranks_per_node", nodes->ranksPerNode);
        json.attributeBegin("inside");
        writeLink(json, nodes->inside);
        json.attributeEnd();
        json.attributeBegin("between");
        writeLink(json, nodes->between);
        json.attributeEnd();
      });
    } else {
      json.attributeArray("axis_links", [&] {
        for (const Link &link : std::get<AxisLinks>(links))
          writeLink(json, link);
      });
    }
    if (!operations.empty())
      json.attributeObject("operations", [&] {
        for (const auto &[kind, measured] : operations)
          json.attributeObject(kind, [&] {
            writeFigure(json, "seconds_per_flop", measured.perFlop);
            writeFigure(json, "seconds_per_byte", measured.perByte);
            writeFigure(json, "launch_seconds", measured.launch);
          });
      });
  });
  out << "\n";
}

} // namespace autopar
