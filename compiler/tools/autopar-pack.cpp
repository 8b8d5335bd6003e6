// Packs buffers from a file into one arena: the memory planner as a tool, so
// that it can be measured on the public problems (google/minimalloc).
//
//   autopar-pack FILE.csv --capacity 1048576
//
// reads columns id,lower,upper,size (a header line names them, in any order)
// and prints one line of figures; with --offsets FILE also writes the input
// with a column `offset` behind. Exit code 1 when the capacity is not met.

#include "compiler/solvers/packing/Packing.h"

#include "autopar/core/OutputFile.h"
#include "autopar/core/OutputPaths.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

using namespace autopar;

namespace {

[[noreturn]] void fail(const std::string &message) {
  std::cerr << "error: " << message << "\n";
  std::exit(1);
}

template <typename T> T parseNumber(const std::string &text, const std::string &what) {
  T value{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    fail(what + " is '" + text + "', expected a number");
  return value;
}

std::vector<std::string> splitLine(std::string line) {
  if (!line.empty() && line.back() == '\r')
    line.pop_back();
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, ',');)
    fields.push_back(field);
  return fields;
}

std::vector<Buffer> readBuffers(const std::string &path) {
  std::ifstream file(path);
  std::string line;
  if (!file || !std::getline(file, line))
    fail("cannot read '" + path + "'");
  std::map<std::string, size_t> column;
  for (const std::string &name : splitLine(line))
    column.emplace(name, column.size());
  for (const char *name : {"id", "lower", "upper", "size"})
    if (!column.count(name))
      fail(path + ":1: no column '" + name + "'; expected id,lower,upper,size");

  std::vector<Buffer> buffers;
  for (int number = 2; std::getline(file, line); ++number) {
    std::vector<std::string> fields = splitLine(line);
    if (fields.empty())
      continue;
    std::string where = path + ":" + std::to_string(number) + ": ";
    if (fields.size() != column.size())
      fail(where + std::to_string(fields.size()) + " fields, expected " +
           std::to_string(column.size()));
    auto read = [&](const char *name) {
      return parseNumber<int64_t>(fields[column.at(name)], where + name);
    };
    buffers.push_back({fields[column.at("id")], read("lower"), read("upper"), read("size")});
  }
  return buffers;
}

void writeOffsets(const std::string &path, const std::vector<Buffer> &buffers,
                  const Packing &packing) {
  std::ostringstream file;
  file << "id,lower,upper,size,offset\n";
  for (size_t i = 0; i < buffers.size(); ++i)
    file << buffers[i].name << ',' << buffers[i].begin << ',' << buffers[i].end << ','
         << buffers[i].bytes << ',' << packing.offsets[i] << '\n';
  try {
    writeFile(path, file.str());
  } catch (const std::exception &error) {
    fail(error.what());
  }
}

const char *const usage =
    "usage: autopar-pack FILE.csv [--capacity BYTES] [--alignment BYTES=1]\n"
    "                    [--time-limit SECONDS=10] [--offsets OUT.csv]\n";

} // namespace

int main(int argc, char **argv) {
  std::string input, output;
  PackOptions options;
  options.alignment = 1;
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    auto value = [&]() -> std::string {
      if (++i == argc)
        fail(argument + " needs a value");
      return argv[i];
    };
    if (argument == "--help") {
      std::cout << usage;
      return 0;
    }
    if (argument == "--capacity")
      options.capacity = parseNumber<int64_t>(value(), argument);
    else if (argument == "--alignment")
      options.alignment = parseNumber<int64_t>(value(), argument);
    else if (argument == "--time-limit")
      options.timeLimitSeconds = parseNumber<double>(value(), argument);
    else if (argument == "--offsets")
      output = value();
    else if (argument.starts_with("--") || !input.empty())
      fail("unexpected argument '" + argument + "'\n" + usage);
    else
      input = argument;
  }
  if (input.empty())
    fail(std::string("no input file\n") + usage);
  try {
    requireOutputs(std::array{OutputPath{"--offsets", output}},
                   std::array{InputPath{"the problem", input}});
  } catch (const std::exception &error) {
    fail(error.what());
  }

  std::vector<Buffer> buffers = readBuffers(input);
  Packing packing = pack(buffers, options);
  if (packing.status == PackStatus::Invalid)
    fail(input + ": " + packing.message);
  if (auto wrong = check(buffers, packing.offsets, packing.arenaBytes, options.alignment))
    fail("the planner is wrong: " + *wrong);
  if (!output.empty())
    writeOffsets(output, buffers, packing);
  std::printf("%s: %zu buffers, arena %lld, largest live set %lld, lower bound %lld, "
              "ratio %.4f, by %s, %lld nodes, %.3f s\n",
              std::string(toString(packing.status)).c_str(), buffers.size(),
              (long long)packing.arenaBytes, (long long)packing.largestLiveSet,
              (long long)packing.lowerBound,
              packing.largestLiveSet ? double(packing.arenaBytes) / packing.largestLiveSet : 1.0,
              packing.foundBy.c_str(), (long long)packing.searchNodes, packing.seconds);
  if (packing.status == PackStatus::Optimal || packing.status == PackStatus::Feasible)
    return 0;
  fail(packing.message);
}
