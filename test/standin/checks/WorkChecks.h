// The checks of one piece of work, around its being done.
#ifndef AUTOPAR_TEST_STANDIN_CHECKS_WORKCHECKS_H
#define AUTOPAR_TEST_STANDIN_CHECKS_WORKCHECKS_H

#include "standin/checks/StreamRaces.h"
#include "standin/device/Stream.h"

namespace standin {

/// Does the work, checked as checks() says. `known` is what comes before it, and it itself.
void runChecked(const Work &work, const Doing &doing, const Clock &known);

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_CHECKS_WORKCHECKS_H
