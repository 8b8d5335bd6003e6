// See CommandLine.h.
#include "compiler/experiments/CommandLine.h"

#include "compiler/files/Files.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

#include <cmath>

namespace autopar {

llvm::Error inOption(llvm::StringRef option, llvm::Error error) {
  return llvm::createStringError(option + ": " + llvm::toString(std::move(error)));
}

llvm::Error MeasureLine::check(const ExperimentLine &line) const {
  if (!measure)
    return llvm::Error::success();
  if (line.output.empty())
    return llvm::createStringError("--measure: give --out, a folder for the programs");
  return checkRun(llvm::cantFail(Mesh::parse(line.mesh)).numRanks(), runOptions());
}

llvm::Expected<CompileOptions> ExperimentLine::compileOptions(int argc, char **argv) const {
  CompileOptions options;
  options.mesh = mesh;
  options.target = target;
  options.precision = precision;
  options.device = device;
  options.commandLine = llvm::sys::path::filename(argv[0]).str();
  for (int i = 1; i < argc; ++i)
    options.commandLine += std::string(" ") + argv[i];
  if (!(time > 0) || !std::isfinite(time))
    return llvm::createStringError(llvm::formatv(
        "--time: {0} is no number of seconds above 0, such as 45", time.getValue()));
  if (!output.empty())
    if (llvm::Error error = checkFolder(output))
      return inOption("--out", std::move(error));
  llvm::Expected<Mesh> parsed = Mesh::parse(mesh);
  if (!parsed)
    return parsed.takeError();
  return options;
}

} // namespace autopar
