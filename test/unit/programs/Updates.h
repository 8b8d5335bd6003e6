// Optimizers' updates, and what all gradients decide together. A factor of 0 is a step to be
// skipped: nothing changes.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_UPDATES_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_UPDATES_H

#include "test/unit/programs/Tensor.h"

namespace autopar {

struct Sgd {
  double momentum, dampening, decay;
  bool nesterov;

  /// The parameter, and the velocity where there is one, which has seen `steps`.
  Tensors update(Tensor parameter, const Tensor &gradient, double rate, const Tensor *velocity,
                 double steps, double factor) const;
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
/// The scale and the numbers of good and of skipped steps, scalars.
Tensors nextLossScale(Tensor scale, Tensor goodSteps, Tensor skippedSteps, double factor,
                      double interval);

/// The step's state {seed, number} with the number of steps in place of its own, and how many
/// there are now.
Tensors stepsTaken(Tensor state, Tensor steps, double factor);

} // namespace autopar

#endif
