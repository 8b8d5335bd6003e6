#include "autopar/core/OutputPaths.h"

#include "autopar/core/Options.h"
#include "autopar/core/OutputFile.h"

#include <filesystem>
#include <stdexcept>
#include <vector>

using namespace autopar;

namespace {

/// What a run reads. Of a folder of data what may be data: a user may keep models there too.
std::vector<InputPath> inputsOf(const Options &options) {
  std::vector<InputPath> inputs = {{"the program", "/proc/self/exe"}};
  std::error_code error; // what cannot be read says so where it is opened
  for (const InputPath &input :
       {InputPath{"--fixed-batch", options.fixedBatch}, InputPath{"--data", options.data},
        InputPath{"--test-data", options.testData}}) {
    if (std::filesystem::is_directory(input.path, error)) {
      for (const auto &entry : std::filesystem::directory_iterator(input.path, error))
        if (entry.path().extension() == ".bin")
          inputs.push_back({input.option, entry.path()});
    } else {
      inputs.push_back(input);
    }
  }
  for (const InputPath &input :
       {InputPath{"--init", options.init}, InputPath{"--resume", options.resume},
        InputPath{"--checkpoints", options.checkpoints}})
    for (const InputPath &file : filesOf(input.option, input.path))
      inputs.push_back(file);
  return inputs;
}

void requireOutput(const OutputPath &output, const Destination &here,
                   std::span<const InputPath> inputs) {
  for (const InputPath &input : inputs) {
    struct stat status;
    const bool isSame = here.isFile() && here.present() &&
                        stat(input.path.c_str(), &status) == 0 &&
                        status.st_dev == here.present()->st_dev &&
                        status.st_ino == here.present()->st_ino;
    if (isSame && output.mayReplace != input.option)
      throw std::runtime_error(output.path + ": would overwrite the file of " + input.option +
                               "; name another");
  }
  if (!output.isWrittenAtOnce || (here.isFile() && !here.present()))
    OutputFile::check(output.path);
}

} // namespace

std::vector<InputPath> autopar::filesOf(const std::string &option, const std::filesystem::path &path) {
  std::error_code error; // what cannot be read says so where it is opened
  if (!std::filesystem::is_directory(path, error))
    return {{option, path}};
  std::vector<InputPath> files;
  for (std::filesystem::recursive_directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string kind = entry->path().extension();
    if (kind == ".json" || kind == ".safetensors")
      files.push_back({"the folder of " + option, entry->path()});
    if (entry.depth() == 1)
      entry.disable_recursion_pending();
  }
  return files;
}

void autopar::requireOutputs(std::span<const OutputPath> outputs,
                             std::span<const InputPath> inputs) {
  std::vector<Destination> destinations;
  std::vector<const OutputPath *> written; // each one's
  for (const OutputPath &output : outputs) {
    if (output.path.empty())
      continue;
    try {
      const Destination &here = destinations.emplace_back(output.path);
      written.push_back(&output);
      for (size_t other = 0; other + 1 < destinations.size(); ++other)
        if (here.isSameFile(destinations[other]))
          throw std::runtime_error(output.path + ": is the file of " + written[other]->option +
                                   " too; give each a file of its own");
      requireOutput(output, here, inputs);
    } catch (const std::exception &error) {
      throw std::runtime_error(output.option + " " + error.what());
    }
  }
}

void autopar::requireOutputs(const Options &options) {
  std::vector<OutputPath> outputs = {{"--save", options.save, /*mayReplace=*/"--init"},
                                     {"--log", options.log, "", /*isWrittenAtOnce=*/true},
                                     {"--timeline", options.timeline}};
  for (const auto &[option, path] : options.outputsOfTarget)
    outputs.push_back({option, path});
  requireOutputs(outputs, inputsOf(options));
}
