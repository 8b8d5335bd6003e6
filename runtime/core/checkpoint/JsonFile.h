// JSON that anybody may have written: read within bounds, or refused.

#ifndef AUTOPAR_CORE_CHECKPOINT_JSONFILE_H
#define AUTOPAR_CORE_CHECKPOINT_JSONFILE_H

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace autopar::inline runtime {

/// Discarded (`is_discarded()`) where the text is no JSON, nests deeper than mostNesting, or an
/// object in it has a name twice.
nlohmann::json parseJson(std::string_view text);

/// All of a file of at most `mostBytes`. Throws std::runtime_error, naming it, where it cannot be
/// read or is longer; discarded as parseJson says.
nlohmann::json readJson(const std::filesystem::path &path, uint64_t mostBytes);

/// The whole numbers of a list of at most `most`; none where it is another thing.
std::optional<std::vector<uint64_t>> unsignedList(const nlohmann::json &value, size_t most);

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_CHECKPOINT_JSONFILE_H
