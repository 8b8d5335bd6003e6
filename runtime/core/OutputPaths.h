// A run of hours should not end at a file that cannot be written, nor at one that another file of
// it has taken the place of. The compiler's tools ask the same of theirs.

#ifndef AUTOPAR_CORE_OUTPUTPATHS_H
#define AUTOPAR_CORE_OUTPUTPATHS_H

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace autopar::inline runtime {

struct Options;

/// A file that is read, and the option that names it.
struct InputPath {
  std::string option, path;
};

struct OutputPath {
  std::string option, path;    ///< the path is empty where the option is not given
  std::string mayReplace = {}; ///< the option whose file it may take the place of
  bool isWrittenAtOnce = false; ///< into whatever is there, so that nothing is made beside it
};

/// The file that an option names or, of a checkpoint's folder or a run's, what makes it up.
std::vector<InputPath> filesOf(const std::string &option, const std::filesystem::path &path);

/// Throws std::runtime_error, naming the option, where a file cannot be written, where two options
/// write one file, or one would write what another reads. Leaves everything as it is.
void requireOutputs(std::span<const OutputPath> outputs, std::span<const InputPath> inputs);

/// The same of a program's run. --save may name the file of --init, which has been read by then.
void requireOutputs(const Options &options);

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_OUTPUTPATHS_H
