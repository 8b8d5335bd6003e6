#include "autopar/core/LearningRate.h"

#include <cmath>
#include <numbers>

using namespace autopar;

double LearningRate::at(int64_t step) const {
  if (step < warmup)
    return base * static_cast<double>(step + 1) / static_cast<double>(warmup);
  const auto done = static_cast<double>(step - warmup);
  switch (schedule) {
  case Schedule::Constant:
    return base;
  case Schedule::Cosine:
    return base * 0.5 *
           (1 + std::cos(std::numbers::pi * done / static_cast<double>(steps - warmup)));
  case Schedule::Step:
    return base * std::pow(gamma, std::floor(done / static_cast<double>(stepSize)));
  }
  __builtin_unreachable();
}
