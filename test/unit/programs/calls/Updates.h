// Optimizers by the configurations of their calls, on one parameter or on a table of them.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_CALLS_UPDATES_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_CALLS_UPDATES_H

#include "test/unit/programs/CallKernels.h"
#include "test/unit/programs/Updates.h"

namespace autopar {

inline Sgd sgdOf(const GivenCall &call, double decay) {
  return {call.real("momentum"), call.real("dampening"), decay, call.flag("nesterov")};
}
inline AdamW adamWOf(const GivenCall &call, double decay) {
  return {call.real("beta1"), call.real("beta2"), call.real("epsilon"), decay};
}
/// Whether Sgd is given a state, behind the velocity or the learning rate of a table.
inline bool tellsFirstStep(const GivenCall &call) { return call.real("dampening") != 0; }
/// The number of the step from 1, by the state {seed, number from 0} that is input `state`.
inline double stepOf(const GivenCall &call, unsigned state) {
  return call.input(state, {2})[1] + 1;
}

} // namespace autopar

#endif
