// What an emitted program says about itself: its mesh, its arena, the variables
// that live there between steps, and where a step's inputs and outputs lie. The
// runtime initialises, feeds, logs and saves from this table alone; the
// program's own code is nothing but the step.

#ifndef AUTOPAR_CORE_DESCRIPTION_H
#define AUTOPAR_CORE_DESCRIPTION_H

#include "autopar/core/DataType.h"
#include "autopar/core/Shape.h"

#include <optional>
#include <span>
#include <string_view>

namespace autopar::inline runtime {

/// Axis sizes, major first, and their names: `{.sizes = {2, 4}, .axes = {"x",
/// "y"}}`. Rank r of a mesh AxB sits at (r / B, r % B).
struct Mesh {
  InlineList<int64_t, 4> sizes = {};
  InlineList<std::string_view, 4> axes = {};

  constexpr int64_t ranks() const {
    int64_t product = 1;
    for (int64_t size : sizes)
      product *= size;
    return product;
  }

  /// The number of blocks that a dimension split over `axes` has.
  constexpr int64_t blocks(AxisSet set) const {
    int64_t product = 1;
    for (int axis = 0; axis < sizes.size(); ++axis)
      if (set.contains(axis))
        product *= sizes[axis];
    return product;
  }
};

/// `2x4`, as the compiler's --mesh takes it.
inline std::string toString(const Mesh &mesh) {
  std::string text;
  for (int64_t size : mesh.sizes)
    text += (text.empty() ? "" : "x") + std::to_string(size);
  return text;
}

/// How a variable begins. Values depend on the seed, the variable's name and
/// the global element index only, so any mesh begins with the same numbers.
struct Initialiser {
  enum class Kind : uint8_t { Constant, Normal, Uniform };
  Kind kind = Kind::Constant;
  double value = 0; ///< the constant, the standard deviation, or the bound

  static constexpr Initialiser constant(double value) { return {Kind::Constant, value}; }
  /// Normal with mean 0.
  static constexpr Initialiser normal(double standardDeviation) {
    return {Kind::Normal, standardDeviation};
  }
  /// Uniform in [-bound, bound).
  static constexpr Initialiser uniform(double bound) { return {Kind::Uniform, bound}; }
};

enum class VariableKind : uint8_t {
  Parameter, ///< trained
  State,     ///< updated by the forward pass: running statistics
  Slot,      ///< the optimizer's, named after its parameter
};

/// A tensor that stays in the arena from one step to the next.
struct Variable {
  std::string_view name; ///< "conv1.weight", "bn1.running_mean",
                         ///< "conv1.weight.momentum"
  VariableKind kind = VariableKind::Parameter;
  DataType type = DataType::F32;
  Shape shape = {};  ///< global
  Split split = {};  ///< which mesh axes split each dimension
  size_t offset = 0; ///< of this rank's shard, in bytes
  size_t bytes = 0;  ///< of this rank's shard
  Initialiser initialiser = {};
  /// Under which checkpoints hold the first of the global tensor's elements; what
  /// is behind them, padding, begins as zeros and is never written to a file.
  /// `{}`: all of them under `shape`.
  Shape stored = {};

  constexpr const Shape &storedShape() const { return stored.empty() ? shape : stored; }
};

/// What the model computes with and never changes: a mask, a table of positions. In the arena
/// as variables are, but of no checkpoint: the program brings its numbers.
struct Constant {
  std::string_view name;
  DataType type = DataType::F32;
  Shape shape = {};  ///< global
  Split split = {};  ///< which mesh axes split each dimension
  size_t offset = 0; ///< of this rank's shard, in bytes
  size_t bytes = 0;  ///< of this rank's shard
  /// Of the global tensor, row by row.
  const unsigned char *numbers = nullptr;
};

/// An input or output of a step, valid only around that step.
struct Port {
  std::string_view name;
  DataType type = DataType::F32;
  Shape shape = {}; ///< global
  Split split = {}; ///< of images along dimension 0 only, of an output not
  size_t offset = 0;
  /// Of a step's batch on a device: where the next step's is brought while a step runs.
  std::optional<size_t> next = std::nullopt;
};

/// Where one entry point, `step()`, `update()` or `evaluate()`, finds its inputs and leaves
/// its outputs.
///
/// Inputs are "images" f32 [N, H, W, C] and "labels" i32 [N], or of a language
/// model "tokens" and "labels" i32 [N, T], which may be split along both
/// dimensions; labels are the tokens that follow, "token_labels" in their place
/// the tokens themselves. A program may read no labels, and others beside,
/// under names of their own, which only given batches have. A negative label
/// marks a row, or a token, that counts for nothing.
/// A step has "learning_rate" f32 scalar, and where it depends on its number or
/// on chance "state" i64 [2]: the seed, and the steps that the model has done.
/// Outputs are f32 scalars, reduced over all ranks: "loss", and of an evaluation
/// "correct", the number of rows whose largest logit is the label's, where the
/// model is a classifier, and "kept", the number of labels that the loss is a
/// mean over; without it the mean is over all of the batch.
struct EntryPoint {
  std::span<const Port> inputs = {};
  std::span<const Port> outputs = {};
  size_t peakBytes = 0; ///< of the arena: where its highest buffer, or variable, ends

  constexpr const Port *findInput(std::string_view name) const { return find(inputs, name); }
  constexpr const Port *findOutput(std::string_view name) const { return find(outputs, name); }

private:
  static constexpr const Port *find(std::span<const Port> ports, std::string_view name) {
    for (const Port &port : ports)
      if (port.name == name)
        return &port;
    return nullptr;
  }
};

/// What the compiler predicted, to stand beside what is measured.
struct Prediction {
  double computeSeconds = 0;
  double communicationSeconds = 0;
  double hiddenSeconds = 0; ///< of the communication, beside computation
  /// For all that a rank's process takes of its device; 0 where none was given.
  size_t budgetBytes = 0;
  /// Of them for what is beside the arena: libraries, communicators, the runtime's buffers.
  size_t reserveBytes = 0;

  constexpr double seconds() const {
    return computeSeconds + communicationSeconds - hiddenSeconds;
  }
};

struct Description {
  std::string_view model;   ///< "resnet50"
  std::string_view command; ///< the compiler's command line
  uint64_t digest = 0;      ///< of the emitted program, by which ranks know that theirs is one
  Mesh mesh = {};
  size_t arenaBytes = 0;
  Prediction predicted = {};
  int64_t classes = 0; ///< labels lie below; 0 where the program reads none
  int64_t tokens = 0;  ///< tokens lie below; 0 where they are what labels are
  double learningRate = 0.1;
  std::span<const Variable> variables = {};
  std::span<const Constant> constants = {};
  EntryPoint step = {};
  EntryPoint update = {};   ///< with the learning rate, where step() is one micro-batch
  int64_t microBatches = 1; ///< calls of step() before one of update()
  EntryPoint evaluate = {}; ///< without outputs when the program cannot evaluate

  constexpr int64_t vocabulary() const { return tokens ? tokens : classes; }
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_DESCRIPTION_H
