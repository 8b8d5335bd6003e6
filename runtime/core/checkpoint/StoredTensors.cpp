#include "autopar/core/checkpoint/StoredTensors.h"

#include "autopar/core/Digest.h"
#include "autopar/core/checkpoint/JsonFile.h"
#include "autopar/core/checkpoint/Reject.h"

#include <algorithm>
#include <stdexcept>

using namespace autopar;

namespace {

/// More than any index of ours has.
constexpr uint64_t mostIndexBytes = 16 << 20;

std::optional<Shape> shapeOf(const nlohmann::json &sizes) {
  const auto numbers = unsignedList(sizes, 8);
  // So that a product of them is a number of elements.
  constexpr int64_t most = int64_t(1) << 60;
  Shape shape;
  int64_t product = 1;
  for (uint64_t number : numbers.value_or(std::vector<uint64_t>())) {
    if (number > static_cast<uint64_t>(most) ||
        __builtin_mul_overflow(product, std::max<int64_t>(number, 1), &product) ||
        product > most)
      return std::nullopt;
    shape.push_back(static_cast<int64_t>(number));
  }
  return numbers ? std::optional(shape) : std::nullopt;
}

/// Where a piece [shape] belongs, of which a file says so by {"in": [4, 6], "begin": [2, 0]}.
std::optional<Block> blockOf(const nlohmann::json &value, const Shape &shape) {
  if (!value.is_object() || !value.contains("in") || !value.contains("begin"))
    return std::nullopt;
  const std::optional<Shape> in = shapeOf(value["in"]), begin = shapeOf(value["begin"]);
  if (!in || !begin || in->size() != shape.size() || begin->size() != shape.size())
    return std::nullopt;
  for (int dim = 0; dim < shape.size(); ++dim)
    if ((*begin)[dim] > (*in)[dim] || shape[dim] > (*in)[dim] - (*begin)[dim])
      return std::nullopt;
  return Block(*in, *begin, shape);
}

bool isText(const nlohmann::json &value, const char *name) {
  return value.is_object() && value.contains(name) && value[name].is_string();
}

} // namespace

StoredTensors::StoredTensors(const std::filesystem::path &path) : given(path) {
  std::error_code error; // what cannot be read says so where it is opened
  if (std::filesystem::is_directory(path, error)) {
    readFolder();
    return;
  }
  readers.push_back(std::make_unique<SafetensorsReader>(path));
  const SafetensorsReader &file = *readers.front();
  if (file.metadata().contains(blocksName))
    reject(path, "is one rank's part of a checkpoint; name its folder");
  std::vector<std::pair<uint64_t, std::string>> places;
  for (const auto &[name, tensor] : file.tensors()) {
    entries[name] = {name, tensor.type, tensor.shape, tensor.bytes, {{&file, &tensor, {}}}};
    places.push_back({tensor.begin, name});
  }
  std::ranges::sort(places);
  for (const auto &[begin, name] : places)
    order.push_back(name);
  strings = file.metadata();
}

bool StoredTensors::isFolder(const std::filesystem::path &path) {
  std::error_code error;
  return std::filesystem::exists(path / indexName, error);
}

void StoredTensors::readFolder() {
  const std::filesystem::path index = given / indexName;
  if (!isFolder(given))
    reject(given, std::string("is a folder without ") + indexName +
                      ", and so no checkpoint; of a run's folder name one of the step-… in it");
  const nlohmann::json json = readJson(index, mostIndexBytes);
  if (!json.is_object() || !json.contains("version") || !json["version"].is_number_integer())
    reject(index, "is no checkpoint's list of its files");
  if (json["version"] != version)
    reject(index, "is of version " + json["version"].dump() + ", and this program knows version " +
                      std::to_string(version));
  for (const char *list : {"files", "tensors"})
    if (!json.contains(list) || !json[list].is_array())
      reject(index, std::string("has no list of ") + list);
  for (const nlohmann::json &entry : json["tensors"]) {
    const std::optional<Shape> shape =
        isText(entry, "name") && isText(entry, "dtype") && entry.contains("shape")
            ? shapeOf(entry["shape"])
            : std::nullopt;
    const std::string name = shape ? entry["name"].get<std::string>() : "";
    if (!shape || !entries.emplace(name, Tensor{name, entry["dtype"].get<std::string>(), *shape, 0, {}}).second)
      reject(index, "has an entry that is no tensor of its own: " + entry.dump());
    order.push_back(name);
  }
  for (const nlohmann::json &entry : json["files"]) {
    const std::filesystem::path name =
        isText(entry, "file") ? entry["file"].get<std::string>() : std::string();
    if (name.empty() || name != name.filename() || name == "." || name == ".." ||
        !isText(entry, "digest"))
      reject(index, "has an entry that is no file and its digest: " + entry.dump());
    readers.push_back(std::make_unique<SafetensorsReader>(given / name));
    const SafetensorsReader &file = *readers.back();
    if (digestText(file.headerDigest()) != entry["digest"].get<std::string>())
      reject(file.path(), std::string("is not the file that ") + indexName +
                              " tells of; it was changed, or is of another checkpoint");
    addPieces(file);
  }
  if (!readers.empty())
    strings = readers.front()->metadata();
  strings.erase(blocksName);
  strings.erase(SafetensorsReader::digestsName);
  for (auto &[name, tensor] : entries) {
    int64_t stored = 0;
    for (const Piece &piece : tensor.pieces)
      stored += elements(piece.tensor->shape);
    if (stored < elements(tensor.shape))
      reject(given, "its files have " + std::to_string(stored) + " of the " +
                        std::to_string(elements(tensor.shape)) + " elements of " + name);
  }
}

void StoredTensors::addPieces(const SafetensorsReader &file) {
  const auto found = file.metadata().find(blocksName);
  const nlohmann::json blocks =
      found == file.metadata().end() ? nlohmann::json::object() : parseJson(found->second);
  if (!blocks.is_object())
    reject(file.path(), std::string("its metadata has ") + blocksName + " that are none");
  for (const auto &[name, stored] : file.tensors()) {
    const auto entry = entries.find(name);
    if (entry == entries.end())
      reject(file.path(), std::string("has ") + name + ", of which " + indexName +
                              " does not know");
    Tensor &tensor = entry->second;
    Piece piece = {&file, &stored, {}};
    if (blocks.contains(name)) {
      piece.block = blockOf(blocks[name], stored.shape);
      if (!piece.block || elements(piece.block->whole()) < elements(tensor.shape))
        reject(file.path(), "has " + name + toString(stored.shape) +
                                " of a place that is none: " + blocks[name].dump());
    } else if (stored.shape != tensor.shape) {
      reject(file.path(), "has " + name + toString(stored.shape) + ", and " + indexName +
                              " tells of " + toString(tensor.shape));
    }
    if (stored.type != tensor.type)
      reject(file.path(),
             "has " + name + " as " + stored.type + ", and " + indexName + " as " + tensor.type);
    if (const int64_t count = elements(stored.shape))
      tensor.bytes = stored.bytes / count * elements(tensor.shape);
    tensor.pieces.push_back(piece);
  }
}

const StoredTensors::Tensor *StoredTensors::find(const std::string &name) const {
  const auto found = entries.find(name);
  return found == entries.end() ? nullptr : &found->second;
}

uint64_t StoredTensors::digest() const {
  Digest digest;
  for (const auto &file : readers)
    digest.add(readers.size() > 1 ? file->headerDigest() : file->digest());
  return digest.value();
}

bool StoredTensors::hasDigests() const {
  return std::ranges::all_of(readers, [](const auto &file) { return file->hasDigests(); });
}

std::vector<std::string> StoredTensors::damaged(size_t share, size_t shares) const {
  std::vector<std::string> names;
  size_t before = 0; // tensors of the files before this one
  for (const auto &file : readers) {
    const size_t ours = (share + shares - before % shares) % shares;
    for (const std::string &name : file->damaged(ours, shares))
      names.push_back(file->path() == given
                          ? name
                          : name + " in " + file->path().filename().string());
    before += file->tensors().size();
  }
  return names;
}

StoredReader::StoredReader(const StoredTensors &stored, const StoredTensors::Tensor &tensor) {
  const int64_t count = elements(tensor.shape);
  width = count ? tensor.bytes / count : 1;
  for (const StoredTensors::Piece &piece : tensor.pieces) {
    const size_t index = pieces.size();
    pieces.emplace_back(*piece.file, *piece.tensor);
    if (!piece.block) {
      runs.push_back({0, count, index, 0});
      continue;
    }
    piece.block->forEachRun([&](int64_t begin, int64_t inPiece, int64_t length) {
      if (begin < count) // behind it lies padding
        runs.push_back({begin, std::min(length, count - begin), index, inPiece});
    });
  }
  std::ranges::sort(runs, {}, &Run::begin);
  int64_t end = 0;
  for (const Run &run : runs) {
    if (run.begin != end)
      reject(stored.path(), "its files have the elements of " + tensor.name + " from " +
                                std::to_string(std::min(run.begin, end)) +
                                (run.begin < end ? " on twice" : " on not at all"));
    end += run.count;
  }
  if (end != count)
    reject(stored.path(), "its files have the elements of " + tensor.name + " from " +
                              std::to_string(end) + " on not at all");
}

void StoredReader::read(uint64_t from, std::span<std::byte> into) {
  while (!into.empty()) {
    const auto element = static_cast<int64_t>(from / width);
    if (element < runs[last].begin || element >= runs[last].begin + runs[last].count)
      last = std::ranges::upper_bound(runs, element, {}, &Run::begin) - runs.begin() - 1;
    const Run &run = runs[last];
    const uint64_t inRun = from - run.begin * width;
    const size_t some = std::min<uint64_t>(into.size(), run.count * width - inRun);
    pieces[run.piece].read(run.inPiece * width + inRun, into.first(some));
    into = into.subspan(some);
    from += some;
  }
}
