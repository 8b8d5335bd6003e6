// See Tensors.h.
#include "compiler/import/Tensors.h"

#include "autopar/core/HalfFloat.h"
#include "compiler/json/Json.h"
#include "dialects/dist/Limits.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Endian.h"

namespace json = llvm::json;

namespace autopar::pt2 {

/// Bytes of an element; 0 for types whose numbers are not read.
static int64_t bytesOf(ScalarType type) {
  switch (type) {
  case ScalarType::U8:
  case ScalarType::I8:
  case ScalarType::Bool:
    return 1;
  case ScalarType::I16:
  case ScalarType::F16:
  case ScalarType::BF16:
    return 2;
  case ScalarType::I32:
  case ScalarType::F32:
    return 4;
  case ScalarType::I64:
  case ScalarType::F64:
    return 8;
  default:
    return 0;
  }
}

static int64_t elementsOf(const TensorFacts &facts) {
  int64_t elements = 1;
  for (int64_t size : facts.sizes)
    elements *= size;
  return elements;
}

/// Whether two elements share their memory: from the smallest stride up, each must step over
/// all that the smaller ones reach.
static bool overlaps(const TensorFacts &facts) {
  std::vector<std::pair<int64_t, int64_t>> steps;
  for (auto [size, stride] : llvm::zip_equal(facts.sizes, facts.strides))
    if (size > 1)
      steps.emplace_back(stride, size);
  llvm::sort(steps);
  int64_t reach = 0; // each addend is below 2^62: both factors are below 2^31
  for (auto [stride, size] : steps) {
    if (stride <= reach)
      return true;
    reach += stride * (size - 1);
    if (reach > limits::valueBytes)
      return false;
  }
  return false;
}

llvm::Error Tensors::readList(const Archive &archive, llvm::StringRef folder,
                              llvm::StringRef list) {
  std::string path = (folder + list).str();
  if (!archive.has(path))
    return llvm::Error::success(); // a module that has none
  llvm::Expected<std::string> text = archive.read(path);
  if (!text)
    return text.takeError();
  llvm::Expected<json::Value> root = parseJson(*text);
  if (!root)
    return archive.error(path + ": " + llvm::toString(root.takeError()));
  const json::Object *config =
      root->getAsObject() ? root->getAsObject()->getObject("config") : nullptr;
  if (!config)
    return archive.error(path + ": has no config");
  for (const auto &[key, value] : *config) {
    std::string name = key.str();
    const json::Object *entry = value.getAsObject();
    const json::Object *meta = entry ? entry->getObject("tensor_meta") : nullptr;
    if (entry && (!meta || entry->getBoolean("use_pickle").value_or(false)))
      continue; // not a plain tensor: an error where the graph wants it
    std::optional<llvm::StringRef> file = entry ? entry->getString("path_name") : std::nullopt;
    if (!file)
      return archive.error(path + ": '" + name + "' has no path_name");
    auto facts = readFacts(*meta, "'" + name + "'");
    if (!facts)
      return archive.error(path + ": " + llvm::toString(facts.takeError()));
    if (overlaps(*facts))
      return archive.error(path + ": elements of '" + name +
                           "' overlap; export a module whose tensors are contiguous");
    StoredTensor tensor{(folder + *file).str(), std::move(*facts)};
    if (!archive.has(tensor.entry))
      return archive.error("has no entry '" + tensor.entry + "', where '" + name +
                           "' should be");
    if (!tensors.emplace(name, std::move(tensor)).second)
      return archive.error("has the tensor '" + name + "' twice");
  }
  return llvm::Error::success();
}

llvm::Expected<Tensors> Tensors::read(const Archive &archive) {
  if (archive.has("byteorder")) {
    llvm::Expected<std::string> order = archive.read("byteorder");
    if (!order)
      return order.takeError();
    if (*order != "little")
      return archive.error("was written by a machine of byte order '" +
                           llvm::StringRef(*order).take_front(20) + "'; 'little' is read");
  }
  Tensors read;
  if (llvm::Error fault = read.readList(archive, "data/weights/", "model_weights_config.json"))
    return fault;
  if (llvm::Error fault =
          read.readList(archive, "data/constants/", "model_constants_config.json"))
    return fault;
  return read;
}

template <typename T> static double at(const char *bytes) {
  return static_cast<double>(llvm::support::endian::read<T, llvm::endianness::little>(bytes));
}

static double numberAt(ScalarType type, const char *bytes) {
  switch (type) {
  case ScalarType::U8:
  case ScalarType::Bool:
    return at<uint8_t>(bytes);
  case ScalarType::I8:
    return at<int8_t>(bytes);
  case ScalarType::I16:
    return at<int16_t>(bytes);
  case ScalarType::I32:
    return at<int32_t>(bytes);
  case ScalarType::I64:
    return at<int64_t>(bytes);
  case ScalarType::F32:
    return llvm::bit_cast<float>(
        llvm::support::endian::read<uint32_t, llvm::endianness::little>(bytes));
  case ScalarType::F64:
    return llvm::bit_cast<double>(
        llvm::support::endian::read<uint64_t, llvm::endianness::little>(bytes));
  case ScalarType::BF16:
    return llvm::bit_cast<float>(
        uint32_t(llvm::support::endian::read<uint16_t, llvm::endianness::little>(bytes)) << 16);
  default:
    return numberOfHalf(
        llvm::support::endian::read<uint16_t, llvm::endianness::little>(bytes));
  }
}

llvm::Expected<std::vector<double>> readNumbers(const Archive &archive,
                                                const StoredTensor &tensor) {
  const TensorFacts &facts = tensor.facts;
  int64_t width = bytesOf(facts.type);
  if (width == 0)
    return archive.error("'" + tensor.entry + "' is of " + nameOf(facts.type) +
                         ", which is not read");
  llvm::Expected<std::string> bytes = archive.read(tensor.entry);
  if (!bytes)
    return bytes.takeError();
  int64_t elements = elementsOf(facts);
  int64_t have = static_cast<int64_t>(bytes->size()) / width;
  // The last element's place, given up where it is beyond the entry: so no sum leaves 64 bits.
  int64_t last = facts.offset;
  for (auto [size, stride] : llvm::zip_equal(facts.sizes, facts.strides))
    if (elements > 0 && last < have)
      last += (size - 1) * stride;
  if (elements > 0 && last >= have)
    return archive.error("entry '" + tensor.entry + "' has " + llvm::Twine(bytes->size()) +
                         " bytes; its tensor's last element, number " + llvm::Twine(last) +
                         ", is beyond");
  std::vector<double> numbers;
  numbers.reserve(elements);
  std::vector<int64_t> index(facts.sizes.size(), 0);
  for (int64_t done = 0, place = facts.offset; done < elements; ++done) {
    numbers.push_back(numberAt(facts.type, bytes->data() + place * width));
    for (size_t dim = index.size(); dim-- > 0;) {
      place += facts.strides[dim];
      if (++index[dim] < facts.sizes[dim])
        break;
      place -= facts.strides[dim] * facts.sizes[dim];
      index[dim] = 0;
    }
  }
  return numbers;
}

} // namespace autopar::pt2
