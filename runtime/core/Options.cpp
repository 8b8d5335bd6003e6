// One table says what each option is called, takes, means and sets; parsing,
// --help and the search for the nearest name all read it.

#include "autopar/core/Options.h"

#include "autopar/core/Numbers.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <numeric>
#include <stdexcept>
#include <vector>

using namespace autopar;

namespace {

/// What an option is among ranks: they have the same value; all have one or none, as only one
/// rank writes there; or each has its own, such as the data's path on its host.
enum class Across : uint8_t { Same, Given, Free };

struct Option {
  std::string_view name;
  std::string_view argument; ///< empty for a flag
  std::string_view meaning;
  void (*set)(Options &options, std::string_view value);
  Across across = Across::Same;
};

/// What a setter throws: the value is not what the option takes.
struct NotA {
  std::string wanted;
};

int64_t count(std::string_view text, int64_t least, int64_t most = mostSteps) {
  if (const std::optional<int64_t> value = wholeNumber(text, least, most))
    return *value;
  throw NotA{"a whole number from " + std::to_string(least) + " to " + std::to_string(most)};
}

/// Whose inverse is finite in f32 as well.
bool isPositive(double value) { return value >= std::numeric_limits<float>::min(); }

double positiveNumber(std::string_view text) {
  const std::optional<double> value = realNumber(text);
  if (!value || !isPositive(*value))
    throw NotA{"a positive number"};
  return *value;
}

std::array<double, 3> threeNumbers(std::string_view text, bool positive) {
  const char *wanted = positive ? "three positive numbers R,G,B" : "three numbers R,G,B";
  std::array<double, 3> values;
  for (size_t i = 0; i < values.size(); ++i) {
    const size_t comma = text.find(',');
    if ((comma == std::string_view::npos) != (i == values.size() - 1))
      throw NotA{wanted};
    const std::optional<double> value = realNumber(text.substr(0, comma));
    if (!value || (positive && !isPositive(*value)))
      throw NotA{wanted};
    values[i] = *value;
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return values;
}

std::string path(std::string_view text) {
  if (text.empty())
    throw NotA{"a path"};
  return std::string(text);
}

LearningRate::Schedule schedule(std::string_view text) {
  if (text == "constant")
    return LearningRate::Schedule::Constant;
  if (text == "cosine")
    return LearningRate::Schedule::Cosine;
  if (text == "step")
    return LearningRate::Schedule::Step;
  throw NotA{"one of constant, cosine, step"};
}

SaveInterval saveInterval(std::string_view text) {
  if (const std::optional<SaveInterval> interval = SaveInterval::of(text))
    return *interval;
  throw NotA{"a number of steps or a time: 500, 90s, 10min, 2h"};
}

OnBadStep onBadStep(std::string_view text) {
  if (text == "stop")
    return OnBadStep::Stop;
  if (text == "skip")
    return OnBadStep::Skip;
  if (text == "rewind")
    return OnBadStep::Rewind;
  throw NotA{"one of stop, skip, rewind"};
}

double spikeFactor(std::string_view text) {
  const std::optional<double> value = realNumber(text);
  if (!value || *value <= 1)
    throw NotA{"a number above 1"};
  return *value;
}

using View = std::string_view;

constexpr Option table[] = {
    {"--data", "PATH",
     "a folder of CIFAR-10's binary files; for a language model a token\n"
     "file, or a folder with train.bin and val.bin; or the word synthetic\n"
     "(else $DATA)",
     [](Options &o, View v) { o.data = path(v); }, Across::Free},
    {"--test-data", "FILE", "the token file that a language model is evaluated on",
     [](Options &o, View v) { o.testData = path(v); }, Across::Free},
    {"--fixed-batch", "FILE", "train on the batches of this safetensors file",
     [](Options &o, View v) { o.fixedBatch = path(v); }, Across::Given},
    {"--steps", "N", "stop after N steps, those before a --resume included",
     [](Options &o, View v) { o.steps = count(v, 1); }},
    {"--epochs", "N", "stop after N times through the data (1 without --steps)",
     [](Options &o, View v) { o.epochs = count(v, 1); }},
    {"--lr", "X", "learning rate",
     [](Options &o, View v) { o.learningRate = positiveNumber(v); }},
    {"--schedule", "KIND", "constant, cosine or step",
     [](Options &o, View v) { o.schedule = schedule(v); }},
    {"--warmup", "N", "raise the rate linearly over the first N steps",
     [](Options &o, View v) { o.warmup = count(v, 0); }},
    {"--step-size", "N", "steps between the cuts of --schedule step",
     [](Options &o, View v) { o.stepSize = count(v, 1); }},
    {"--gamma", "X", "what such a cut multiplies the rate by (0.1)",
     [](Options &o, View v) { o.gamma = positiveNumber(v); }},
    {"--seed", "N", "of initial values, dropout, and the choice and change of data (0)",
     [](Options &o, View v) {
       o.seed = static_cast<uint64_t>(count(v, 0, INT64_MAX));
       o.hasSeed = true;
     }},
    {"--augment", "", "crop and flip training images at random",
     [](Options &o, View) { o.augment = true; }},
    {"--mean", "R,G,B", "of pixels in [0, 1] (measured on the training data)",
     [](Options &o, View v) { o.mean = threeNumbers(v, false); }},
    {"--std", "R,G,B", "their standard deviation (measured likewise)",
     [](Options &o, View v) { o.deviation = threeNumbers(v, true); }},
    {"--eval-every", "N", "evaluate on the test data every N steps, not only last",
     [](Options &o, View v) { o.evalEvery = count(v, 1); }},
    {"--eval-batches", "N", "batches of text that an evaluation takes (20)",
     [](Options &o, View v) { o.evalBatches = count(v, 1); }},
    {"--init", "FILE",
     "begin with the weights in this safetensors file: at step 1, with the\n"
     "optimizer's first state",
     [](Options &o, View v) { o.init = path(v); }, Across::Given},
    {"--resume", "PATH",
     "go on after the last step of a file that --save wrote, or of the newest\n"
     "checkpoint in a folder of --checkpoints; begin where the folder has none",
     [](Options &o, View v) { o.resume = path(v); }, Across::Given},
    {"--checkpoints", "DIR",
     "keep checkpoints in this folder: where the run ends, and where SIGTERM,\n"
     "SIGINT or SIGUSR1 stop it after the step that runs",
     [](Options &o, View v) { o.checkpoints = path(v); }, Across::Given},
    {"--save-every", "N",
     "write one every N steps as well, or whenever 90s, 10min or 2h have gone by",
     [](Options &o, View v) { o.saveEvery = saveInterval(v); }},
    {"--keep", "N", "so many of them, the newest (3)",
     [](Options &o, View v) { o.kept.newest = count(v, 1); }},
    {"--keep-every", "N", "and for good those after every N-th step",
     [](Options &o, View v) { o.kept.every = count(v, 1); }},
    {"--stop-after", "N", "stop after N steps of this run, as a signal would",
     [](Options &o, View v) { o.stopAfter = count(v, 1); }},
    {"--on-nan", "KIND",
     "where a loss, or a variable behind a step, is not finite: stop, and save\n"
     "nothing of it; skip the step, which takes a copy of all variables on the\n"
     "host, made anew after each step; or rewind to the newest checkpoint, and\n"
     "go on with the data behind that step's (stop)",
     [](Options &o, View v) { o.onNan = onBadStep(v); }},
    {"--spike", "FACTOR",
     "likewise with a loss of more than FACTOR times the last 32 steps' median",
     [](Options &o, View v) { o.spike = spikeFactor(v); }},
    {"--check-replicas", "N",
     "compare what ranks hold alike every N steps, and before each checkpoint\n"
     "(1000; 0: never)",
     [](Options &o, View v) { o.checkReplicas = count(v, 0); }},
    {"--save", "FILE", "write all variables to this safetensors file at the end",
     [](Options &o, View v) { o.save = path(v); }, Across::Given},
    {"--log", "FILE",
     "write a JSON line a step to this file, with --resume behind those of the\n"
     "steps before",
     [](Options &o, View v) { o.log = path(v); }, Across::Free},
    {"--timeline", "FILE", "write a Chrome trace of rank 0's third step to this file",
     [](Options &o, View v) { o.timeline = path(v); }, Across::Given},
    {"--verify", "",
     "fill unused memory with NaN before each step and read back what was\n"
     "touched; end with an error where that is not in the plan, or where the\n"
     "process has taken more than its budget",
     [](Options &o, View) { o.verify = true; }},
    {"--help", "", "print this", [](Options &o, View) { o.help = true; }},
};

/// Levenshtein's distance: the least number of insertions, deletions and
/// replacements that turn one into the other.
size_t editDistance(View a, View b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t(0));
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

/// The table's options, and behind them the target's, which only store what they are given.
std::vector<Option> allOptions(std::span<const TargetOption> ofTarget) {
  std::vector<Option> all(std::begin(table), std::end(table));
  for (const TargetOption &option : ofTarget)
    all.push_back({option.name, option.argument, option.meaning, nullptr,
                   option.differs ? Across::Free : Across::Same});
  return all;
}

const Option &find(View name, const std::vector<Option> &options) {
  for (const Option &option : options)
    if (option.name == name)
      return option;
  const Option &nearest = *std::min_element(
      options.begin(), options.end(), [name](const Option &a, const Option &b) {
        return editDistance(name, a.name) < editDistance(name, b.name);
      });
  throw std::invalid_argument("unknown option " + std::string(name) + "; the nearest is " +
                              std::string(nearest.name) + ", and --help lists all");
}

/// What no single option can see.
void checkTogether(const Options &options, const std::map<View, View> &given) {
  if (options.data.empty() && options.fixedBatch.empty())
    throw std::invalid_argument("no data: give --data PATH, --data synthetic or "
                                "--fixed-batch FILE, or set DATA");
  if (!options.fixedBatch.empty() && options.augment)
    throw std::invalid_argument("--augment changes images, and --fixed-batch "
                                "takes them as they are; leave one out");
  if (!options.fixedBatch.empty() && options.evalEvery)
    throw std::invalid_argument("--eval-every needs test data, and "
                                "--fixed-batch has none; leave one out");
  if (!options.testData.empty() && options.data.empty())
    throw std::invalid_argument("--test-data needs --data FILE to train on");
  if (!options.init.empty() && !options.resume.empty())
    throw std::invalid_argument("--init begins a run and --resume goes on with one; leave one out");
  for (const View option : {"--save-every", "--keep", "--keep-every"})
    if (options.checkpoints.empty() && given.contains(option))
      throw std::invalid_argument(std::string(option) + " needs --checkpoints DIR");
  if (options.checkpoints.empty() && options.onNan == OnBadStep::Rewind)
    throw std::invalid_argument("--on-nan rewind needs --checkpoints DIR to go back to");
  if (options.schedule == LearningRate::Schedule::Step && !options.stepSize)
    throw std::invalid_argument("--schedule step needs --step-size N");
  if (options.schedule != LearningRate::Schedule::Step && options.stepSize)
    throw std::invalid_argument("--step-size needs --schedule step");
}

/// A value as it is compared between ranks: numbers by what they are.
std::string plainText(View value) {
  const char *const end = value.data() + value.size();
  if (int64_t whole; std::from_chars(value.data(), end, whole) == std::from_chars_result{end, {}})
    return std::to_string(whole);
  double real;
  if (std::from_chars(value.data(), end, real) != std::from_chars_result{end, {}})
    return std::string(value);
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, real).ptr};
}

/// Options::shared, of the values that were given.
std::vector<std::string> sharedOptions(const std::vector<Option> &options,
                                       const std::map<View, View> &given) {
  std::vector<std::string> shared;
  for (const Option &option : options) {
    const auto found = given.find(option.name);
    if (option.across == Across::Free)
      continue;
    std::string text = (found == given.end() ? "without " : "with ") + std::string(option.name);
    if (found != given.end() && option.across == Across::Same && !found->second.empty())
      text += " " + plainText(found->second);
    shared.push_back(std::move(text));
  }
  return shared;
}

} // namespace

Options Options::parse(int argc, const char *const *argv,
                       std::span<const TargetOption> ofTarget) {
  const std::vector<Option> known = allOptions(ofTarget);
  Options options;
  std::map<View, View> given;
  for (int i = 1; i < argc; ++i) {
    const View word = argv[i];
    const size_t equals = word.find('=');
    const Option &option = find(word.substr(0, equals), known);
    const std::string name(option.name);
    View value;
    if (option.argument.empty()) {
      if (equals != View::npos)
        throw std::invalid_argument(name + " takes no value");
    } else if (equals != View::npos) {
      value = word.substr(equals + 1);
    } else {
      if (++i == argc)
        throw std::invalid_argument(name + " needs a value: " + name + " " +
                                    std::string(option.argument));
      value = argv[i];
    }
    given[option.name] = value;
    if (!option.set) {
      options.ofTarget[name] = value;
      if (std::ranges::find(ofTarget, option.name, &TargetOption::name)->isOutput)
        options.outputsOfTarget[name] = value;
      continue;
    }
    try {
      option.set(options, value);
    } catch (const NotA &mistake) {
      throw std::invalid_argument(name + " takes " + mistake.wanted + ", not " +
                                  std::string(value));
    }
  }
  options.shared = sharedOptions(known, given);
  if (options.help)
    return options;
  if (const char *folder = std::getenv("DATA");
      folder && *folder && options.data.empty() && options.fixedBatch.empty())
    options.data = folder;
  checkTogether(options, given);
  return options;
}

std::string Options::helpText(const Description &description,
                              std::span<const TargetOption> ofTarget) {
  constexpr size_t indent = 22;
  std::string text = "Trains " + std::string(description.model) + " on " +
                     std::to_string(description.mesh.ranks()) +
                     (description.mesh.ranks() == 1 ? " rank" : " ranks") +
                     ". Compiled by:\n  " + std::string(description.command) + "\n\nOptions:\n";
  for (const Option &option : allOptions(ofTarget)) {
    std::string line = "  " + std::string(option.name);
    if (!option.argument.empty())
      line += " " + std::string(option.argument);
    line.resize(std::max(line.size() + 1, indent), ' ');
    for (char c : option.meaning)
      line += c == '\n' ? "\n" + std::string(indent, ' ') : std::string(1, c);
    text += line + "\n";
  }
  return text;
}
