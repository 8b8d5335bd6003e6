// Optimizers' updates, and what all gradients decide together. A factor of 0 is a step to be
// skipped: nothing changes.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_UPDATES_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_UPDATES_H

#include "test/unit/programs/Tensor.h"

namespace autopar {

struct Sgd {
  double momentum, dampening, decay;
  bool nesterov;

  /// The parameter, and the velocity where there is one.
  Tensors update(Tensor parameter, const Tensor &gradient, double rate, const Tensor *velocity,
                 double factor) const;
};

struct AdamW {
  double beta1, beta2, epsilon, decay;

  /// The parameter and its moments. Steps are counted from 1.
  Tensors update(Tensor parameter, const Tensor &gradient, double rate, double step,
                 Tensor first, Tensor second, double factor) const;
};

/// A scalar: the sum of squares.
Tensor squareSum(const Tensor &x);
double clipFactor(double squares, double maximum);
/// maximum 0: no clipping.
double unscaleFactor(double squares, double scale, double maximum);
/// The scale and the number of good steps, scalars.
Tensors nextLossScale(Tensor scale, Tensor goodSteps, double factor, double interval);

/// The step's state {seed, number} less the steps skipped before it, and how many there are now.
Tensors stepsTaken(Tensor state, Tensor skippedSteps, double factor);

} // namespace autopar

#endif
