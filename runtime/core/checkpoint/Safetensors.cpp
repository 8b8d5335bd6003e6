#include "autopar/core/checkpoint/Safetensors.h"

#include "autopar/core/checkpoint/JsonFile.h"
#include "autopar/core/checkpoint/Reject.h"
#include "autopar/core/Digest.h"
#include "autopar/core/Nesting.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <stdexcept>

using namespace autopar;

namespace {

constexpr size_t lengthBytes = 8;
/// The format's own limit on a header.
constexpr uint64_t maxHeaderBytes = 100'000'000;

/// Characters of one digest's text.
constexpr size_t digestWidth = 16;
/// Bytes that are read at once to take a digest of them; of whole words.
constexpr uint64_t digestPiece = 1 << 20;

/// Bits of one element of each type that the format knows.
std::optional<uint64_t> bitsOf(const std::string &type) {
  static const std::map<std::string, uint64_t> bits = {
      {"BOOL", 8}, {"U8", 8},   {"I8", 8},   {"F8_E4M3", 8}, {"F8_E5M2", 8},
      {"U16", 16}, {"I16", 16}, {"F16", 16}, {"BF16", 16},   {"U32", 32},
      {"I32", 32}, {"F32", 32}, {"U64", 64}, {"I64", 64},    {"F64", 64}};
  const auto found = bits.find(type);
  if (found == bits.end())
    return std::nullopt;
  return found->second;
}

/// Bytes of a tensor, or nothing where they pass 64 bits.
std::optional<uint64_t> tensorBytes(uint64_t elementBits, const std::vector<uint64_t> &sizes) {
  uint64_t bytes = elementBits / 8;
  for (uint64_t size : sizes)
    if (size > INT64_MAX || __builtin_mul_overflow(bytes, size, &bytes))
      return std::nullopt;
  return bytes;
}

} // namespace

SafetensorsReader::SafetensorsReader(const std::filesystem::path &path)
    : file(path), source(path) {
  if (source.size() < lengthBytes)
    reject(path, "not a safetensors file: " + std::to_string(source.size()) +
                     " bytes are too few for a header");
  std::array<std::byte, lengthBytes> length;
  source.read(0, length);
  uint64_t headerBytes = 0;
  for (size_t i = 0; i < lengthBytes; ++i) // little endian
    headerBytes |= static_cast<uint64_t>(length[i]) << (8 * i);
  if (headerBytes > maxHeaderBytes || headerBytes > source.size() - lengthBytes)
    reject(path, "header of " + std::to_string(headerBytes) +
                     " bytes does not fit the file's " + std::to_string(source.size()));
  header.resize(headerBytes);
  source.read(lengthBytes, std::as_writable_bytes(std::span(header)));
  dataBegin = lengthBytes + headerBytes;
  parse(source.size() - dataBegin);
}

void SafetensorsReader::parse(uint64_t dataBytes) {
  if (!nestsWithin(header))
    reject(file, "objects and lists of the header stand in each other more than " +
                     std::to_string(mostNesting) + " deep");
  const nlohmann::json json = parseJson(header);
  if (!json.is_object())
    reject(file, "the header is not a JSON object in which each name stands once");

  for (const auto &[name, entry] : json.items()) {
    if (name == "__metadata__") {
      if (!entry.is_object())
        reject(file, "__metadata__ is not an object of strings");
      for (const auto &[key, value] : entry.items()) {
        if (!value.is_string())
          reject(file, "__metadata__ has \"" + key + "\", which is not a string");
        strings.emplace(key, value.get<std::string>());
      }
      continue;
    }
    if (!entry.is_object() || !entry.contains("dtype") || !entry.at("dtype").is_string() ||
        !entry.contains("shape") || !entry.contains("data_offsets"))
      reject(file, "tensor " + name + " has no dtype, shape or data_offsets");
    const std::string type = entry.at("dtype").get<std::string>();
    const std::optional<uint64_t> bits = bitsOf(type);
    if (!bits)
      reject(file, "tensor " + name + " has the unknown dtype " + type);
    const auto sizes = unsignedList(entry.at("shape"), 8);
    if (!sizes)
      reject(file, "tensor " + name + " has a shape that is not up to 8 sizes");
    const auto place = unsignedList(entry.at("data_offsets"), 2);
    if (!place || place->size() != 2 || (*place)[0] > (*place)[1] || (*place)[1] > dataBytes)
      reject(file, "tensor " + name + " has data_offsets outside the file's " +
                       std::to_string(dataBytes) + " bytes of data");
    const uint64_t length = (*place)[1] - (*place)[0];
    const std::optional<uint64_t> needed = tensorBytes(*bits, *sizes);
    if (needed != length)
      reject(file, "tensor " + name + " has " + std::to_string(length) +
                       " bytes of data, but its dtype and shape take " +
                       (needed ? std::to_string(*needed) : "more than 2^64"));
    Tensor tensor{type, {}, (*place)[0], length};
    for (uint64_t size : *sizes)
      tensor.shape.push_back(static_cast<int64_t>(size));
    entries.emplace(name, tensor);
  }

  // Tensors lie end to end: no byte belongs to two of them or to none.
  std::vector<const std::pair<const std::string, Tensor> *> order;
  for (const auto &entry : entries)
    order.push_back(&entry);
  std::sort(order.begin(), order.end(), [](auto *a, auto *b) {
    const Tensor &x = a->second, &y = b->second;
    return std::pair(x.begin, x.bytes) < std::pair(y.begin, y.bytes);
  });
  uint64_t end = 0;
  for (const auto *entry : order) {
    if (entry->second.begin != end)
      reject(file, "tensor " + entry->first + " begins at byte " +
                         std::to_string(entry->second.begin) +
                         " of the data, but the one before it ends at " + std::to_string(end));
    end += entry->second.bytes;
  }
  if (end != dataBytes)
    reject(file, std::to_string(dataBytes - end) +
                       " bytes behind the last tensor belong to none");
}

void SafetensorsReader::read(const Tensor &tensor, uint64_t from,
                             std::span<std::byte> into) const {
  source.read(dataBegin + tensor.begin + from, into);
}

uint64_t SafetensorsReader::headerDigest() const {
  Digest digest;
  digest.add(std::as_bytes(std::span(header)));
  return digest.value();
}

uint64_t SafetensorsReader::digest() const {
  Digest digest;
  digest.add(headerDigest());
  std::array<std::byte, 1024> share;
  for (const auto &[name, tensor] : entries) {
    const std::span<std::byte> some(share.data(), std::min(share.size(), tensor.bytes));
    read(tensor, 0, some);
    digest.add(some);
    read(tensor, tensor.bytes - some.size(), some);
    digest.add(some);
  }
  return digest.value();
}

bool SafetensorsReader::hasDigests() const {
  const auto digests = strings.find(digestsName);
  return digests != strings.end() && digests->second.size() == entries.size() * digestWidth;
}

std::vector<std::string> SafetensorsReader::damaged(size_t part, size_t parts) const {
  std::vector<std::string> names;
  if (!hasDigests())
    return names;
  const std::string &digests = strings.at(digestsName);
  std::map<std::pair<uint64_t, uint64_t>, const std::string *> byPlace;
  for (const auto &[name, tensor] : entries)
    byPlace[{tensor.begin, tensor.bytes}] = &name;
  size_t index = 0;
  std::vector<std::byte> some;
  for (const auto &[place, name] : byPlace) {
    const size_t at = index++;
    if (at % parts != part)
      continue;
    const Tensor &tensor = entries.at(*name);
    Digest digest;
    for (uint64_t from = 0; from < tensor.bytes; from += some.size()) {
      some.resize(std::min<uint64_t>(digestPiece, tensor.bytes - from));
      read(tensor, from, some);
      digest.add(some);
    }
    if (digests.compare(at * digestWidth, digestWidth, digestText(digest.value())) != 0)
      names.push_back(*name);
  }
  return names;
}

const SafetensorsReader::Tensor *SafetensorsReader::find(const std::string &name) const {
  const auto found = entries.find(name);
  return found == entries.end() ? nullptr : &found->second;
}

void TensorReader::read(uint64_t from, std::span<std::byte> into) {
  constexpr uint64_t most = 1 << 20;
  if (into.size() >= most)
    return file->read(*tensor, from, into);
  if (from < aheadBegin || from + into.size() > aheadBegin + ahead.size()) {
    aheadBegin = from;
    ahead.resize(std::min(most, tensor->bytes - from));
    file->read(*tensor, from, ahead);
  }
  std::copy_n(ahead.begin() + static_cast<ptrdiff_t>(from - aheadBegin), into.size(), into.begin());
}

SafetensorsWriter::SafetensorsWriter(const std::filesystem::path &path, std::vector<Entry> list,
                                     const std::map<std::string, std::string> &metadata)
    : path(path), entries(std::move(list)), file(path) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  header["__metadata__"] = metadata;
  const std::string noDigests(entries.size() * digestWidth, '0'); // until they are known
  if (file.canRewrite() && !entries.empty())
    header["__metadata__"][SafetensorsReader::digestsName] = noDigests;
  uint64_t offset = 0;
  for (const Entry &entry : entries) {
    const uint64_t bytes = elements(entry.shape) * bytesOf(entry.type);
    header[entry.name] = {{"dtype", nameOf(entry.type)},
                          {"shape", std::vector(entry.shape.begin(), entry.shape.end())},
                          {"data_offsets", {offset, offset + bytes}}};
    offset += bytes;
  }
  text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' '); // data begins aligned

  unsigned char length[lengthBytes];
  for (size_t i = 0; i < lengthBytes; ++i)
    length[i] = static_cast<unsigned char>(uint64_t(text.size()) >> (8 * i));
  file.write(length, lengthBytes);
  file.write(text);
  // As JSON has it, which no name or string of the metadata can look like: they have no bare quotes.
  const std::string place = std::string("\"") + SafetensorsReader::digestsName + "\":\"";
  if (file.canRewrite() && !entries.empty())
    digestsPlace = static_cast<long>(lengthBytes + text.find(place + noDigests) + place.size());
}

void SafetensorsWriter::append(std::span<const std::byte> data) {
  if (next == entries.size())
    throw std::logic_error("more tensors appended than " + path.string() + " has entries");
  const Entry &entry = entries[next++];
  const size_t bytes = elements(entry.shape) * bytesOf(entry.type);
  if (data.size() != bytes)
    throw std::logic_error("tensor " + entry.name + " takes " + std::to_string(bytes) +
                           " bytes, not " + std::to_string(data.size()));
  file.write(data.data(), data.size());
  Digest digest;
  digest.add(data);
  digests += digestText(digest.value());
}

uint64_t SafetensorsWriter::finish() {
  if (next != entries.size())
    throw std::logic_error(path.string() + " still lacks tensor " + entries[next].name);
  if (digestsPlace) {
    file.rewrite(digestsPlace, digests);
    text.replace(digestsPlace - lengthBytes, digests.size(), digests);
  }
  file.finish();
  Digest digest;
  digest.add(std::as_bytes(std::span(text)));
  return digest.value();
}
