// What optimizers keep beside a model, by its names in a checkpoint. All else that they keep is
// named after its parameter: "conv1.weight.momentum".

#ifndef AUTOPAR_CORE_CHECKPOINT_SLOTNAMES_H
#define AUTOPAR_CORE_CHECKPOINT_SLOTNAMES_H

#include <string_view>

namespace autopar::inline runtime {

/// An optimizer's count of its steps.
constexpr bool isCountOfSteps(std::string_view name) {
  return name == "adamw.steps" || name == "sgd.steps";
}

/// What a loss that is scaled keeps from step to step.
constexpr bool isOfScaling(std::string_view name) {
  return name == "loss_scale" || name.starts_with("loss_scale.");
}

/// A total of micro-batches, which is zero between steps.
constexpr bool isTotal(std::string_view name) { return name.ends_with(".total_grad"); }

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_CHECKPOINT_SLOTNAMES_H
