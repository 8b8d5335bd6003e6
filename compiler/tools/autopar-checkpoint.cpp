// Checkpoints between runs:
//
//   autopar-checkpoint show runs/a
//   autopar-checkpoint verify runs/a/step-00000200
//   autopar-checkpoint merge runs/a --output model.safetensors --weights
//   autopar-checkpoint diff runs/a/step-00000200 runs/b/step-00000200
//
// PATH is a file, a checkpoint's folder, or a run's, of which it is the newest. Exit code 1 for what
// cannot be read, bytes that are not those that were written, and two that differ.
#include "compiler/checkpoints/Checkpoints.h"

#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

using namespace autopar;

namespace {

constexpr const char *usage =
    "usage: autopar-checkpoint show PATH\n"
    "       autopar-checkpoint verify PATH\n"
    "       autopar-checkpoint merge PATH --output FILE [--weights]\n"
    "       autopar-checkpoint diff PATH PATH\n"
    "PATH: a safetensors file, a checkpoint's folder, or a folder of checkpoints for its newest\n"
    "--weights: without what the optimizer keeps, as libraries want a model\n";

int fail(const std::string &what) {
  std::fprintf(stderr, "autopar-checkpoint: %s\n", what.c_str());
  return 1;
}

int merged(const std::vector<std::string> &arguments) {
  std::string path, output;
  bool onlyWeights = false;
  for (size_t i = 1; i < arguments.size(); ++i) {
    const std::string &argument = arguments[i];
    if ((argument == "--output" || argument == "-o") && i + 1 < arguments.size())
      output = arguments[++i];
    else if (argument == "--weights")
      onlyWeights = true;
    else if (argument.starts_with("-") || !path.empty())
      return fail("unexpected argument '" + argument + "'\n" + usage);
    else
      path = argument;
  }
  if (path.empty() || output.empty())
    return fail(std::string("merge takes a PATH and --output FILE\n") + usage);
  merge(path, output, onlyWeights);
  return 0;
}

int run(const std::vector<std::string> &arguments) {
  const std::string command = arguments.empty() ? "" : arguments[0];
  if (command == "--help" || command == "-h") {
    std::fputs(usage, stdout);
    return 0;
  }
  if (command == "merge")
    return merged(arguments);
  const size_t paths = command == "diff" ? 2 : command == "show" || command == "verify" ? 1 : 0;
  if (paths == 0)
    return fail((command.empty() ? "no command" : "unknown command '" + command + "'") +
                std::string("\n") + usage);
  if (arguments.size() != paths + 1)
    return fail(command + " takes " + (paths == 1 ? "a PATH" : "two PATHs") + "\n" + usage);
  if (command == "show") {
    std::fputs(show(arguments[1]).c_str(), stdout);
    return 0;
  }
  if (command == "verify") {
    const Verified verified = verify(arguments[1]);
    std::fputs(verified.text.c_str(), stdout);
    return verified.isWhole ? 0 : 1;
  }
  const Difference difference = autopar::difference(arguments[1], arguments[2]);
  std::fputs(difference.text.c_str(), stdout);
  return difference.isNone ? 0 : 1;
}

} // namespace

int main(int argc, char **argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception &error) {
    return fail(error.what());
  }
}
