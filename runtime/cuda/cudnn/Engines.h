// What cuDNN offers for one graph of operations: its engines in their configurations, the best
// first, and the execution plans that are made of them. A plan takes cuDNN some 13 ms, so calls
// that are alike, as those of a network's blocks are, share theirs and what was chosen of them.
#ifndef AUTOPAR_RUNTIME_CUDA_CUDNN_ENGINES_H
#define AUTOPAR_RUNTIME_CUDA_CUDNN_ENGINES_H

#include "autopar/cuda/cudnn/Graph.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace autopar::cuda::cudnn {

/// Which of the engines calls that are alike run by.
struct Choice {
  std::optional<size_t> engine; ///< none where all have failed
  bool isSettled = false;       ///< it has run here, and all ranks have agreed on it
};

/// Not for several threads at once, and so no calls that are alike.
class Engines {
public:
  struct Plan {
    Descriptor descriptor;
    size_t workspaceBytes;
  };

  /// What is asked of an engine, as far as cuDNN notes it.
  struct Terms {
    /// Whether tensor cores may be used: they round f32 factors to TF32's 10 bits.
    bool tensorCores = true;
    /// Whether it must come to the same bits each time. (Of attention's backward pass cuDNN
    /// notes nothing: there the graph decides.)
    bool deterministic = false;
  };

  /// Those for the planned device (see planFor) that keep to the terms.
  static std::shared_ptr<Engines> of(const Graph &graph, Terms terms);

  size_t count() const { return engines.size(); }

  /// The plan of an engine, made when it is first asked for; null where cuDNN makes none, and
  /// when it was dropped.
  const Plan *plan(size_t engine);

  /// Of the graph and the terms: the same in each run, and on each device.
  const std::string &digest() const { return questionDigest; }

  /// Engine and configuration as cuDNN numbers them: "58 2=1 5=0".
  std::string name(size_t engine) const;

  /// The engine of this name that has a plan which wants at most `limit` bytes.
  std::optional<size_t> find(const std::string &name, size_t limit);

  /// This engine cannot be executed: it has no plan any more.
  void drop(size_t engine) { engines[engine].plan.reset(); }

  /// Whether there is no plan of this engine although there should be.
  bool hasFailed(size_t engine) const {
    return engines[engine].isAsked && !engines[engine].plan;
  }

  /// The first engine from `begin` on that has a plan which wants at most `limit` bytes.
  std::optional<size_t> next(size_t begin, size_t limit);

  /// Of all calls that want at most `limit` bytes: the best of them, to begin with.
  std::shared_ptr<Choice> within(size_t limit);

  Engines(const Descriptor &graph, Terms terms);

private:
  struct Engine {
    Descriptor configuration;
    bool isAsked = false;
    std::optional<Plan> plan = std::nullopt;
  };
  std::string questionDigest;
  std::vector<Engine> engines;
  std::map<size_t, std::shared_ptr<Choice>> choices; ///< by limit
};

} // namespace autopar::cuda::cudnn

#endif // AUTOPAR_RUNTIME_CUDA_CUDNN_ENGINES_H
