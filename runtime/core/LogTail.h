// How much of a log a run that goes on keeps: what a killed run wrote behind the checkpoint is
// done again, and should stand there once.

#ifndef AUTOPAR_CORE_LOGTAIL_H
#define AUTOPAR_CORE_LOGTAIL_H

#include <cstdint>
#include <filesystem>

namespace autopar::inline runtime {

struct LogTail {
  uint64_t bytes = 0;       ///< that stay, of whole lines
  bool isEvaluated = false; ///< after the step that the run goes on from

  /// Of a regular file, for a run that goes on after so many steps. Lines that no program of
  /// ours wrote it would not touch: throws std::runtime_error, naming the file and the line.
  static LogTail of(const std::filesystem::path &log, int64_t steps);
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_LOGTAIL_H
