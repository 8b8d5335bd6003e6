// How readers of checkpoints refuse a file.

#ifndef AUTOPAR_CORE_CHECKPOINT_REJECT_H
#define AUTOPAR_CORE_CHECKPOINT_REJECT_H

#include <filesystem>
#include <stdexcept>
#include <string>

namespace autopar::inline runtime {

[[noreturn]] inline void reject(const std::filesystem::path &path, const std::string &what) {
  throw std::runtime_error(path.string() + ": " + what);
}

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_CHECKPOINT_REJECT_H
