#include "autopar/core/checkpoint/JsonFile.h"

#include "autopar/core/InputFile.h"
#include "autopar/core/Nesting.h"

#include <set>
#include <stdexcept>
#include <string>

using namespace autopar;

nlohmann::json autopar::parseJson(std::string_view text) {
  using Json = nlohmann::json;
  const Json none(Json::value_t::discarded);
  if (!nestsWithin(text))
    return none;
  // Of each object that is open, the names so far: a tree keeps one of two that are alike.
  std::vector<std::set<std::string>> open;
  bool isTwice = false;
  const Json json = Json::parse(
      text,
      [&](int, Json::parse_event_t event, Json &value) {
        if (event == Json::parse_event_t::object_start)
          open.emplace_back();
        else if (event == Json::parse_event_t::object_end)
          open.pop_back();
        else if (event == Json::parse_event_t::key)
          isTwice |= !open.back().insert(value.get<std::string>()).second;
        return true;
      },
      /*allow_exceptions=*/false);
  return isTwice ? none : json;
}

nlohmann::json autopar::readJson(const std::filesystem::path &path, uint64_t mostBytes) {
  const InputFile file(path);
  if (file.size() > mostBytes)
    throw std::runtime_error(path.string() + ": has " + std::to_string(file.size()) +
                             " bytes, more than any such file");
  std::string text(file.size(), '\0');
  file.read(0, std::as_writable_bytes(std::span(text)));
  return parseJson(text);
}

std::optional<std::vector<uint64_t>> autopar::unsignedList(const nlohmann::json &value,
                                                           size_t most) {
  if (!value.is_array() || value.size() > most)
    return std::nullopt;
  std::vector<uint64_t> numbers;
  for (const nlohmann::json &item : value) {
    if (!item.is_number_unsigned())
      return std::nullopt;
    numbers.push_back(item.get<uint64_t>());
  }
  return numbers;
}
