// Programs of the CUDA runtime's calls, by chance: what passes make one call of, and what must
// keep them from it.
#ifndef AUTOPAR_TEST_UNIT_LOWERING_RANDOMCALLS_H
#define AUTOPAR_TEST_UNIT_LOWERING_RANDOMCALLS_H

#include <string>

namespace autopar {

/// A module's text: @step goes forward and back through products, biases, GELUs, norms and
/// residuals in any order, some of whose values have further readers; gradients update
/// parameters, or are added to totals, which @update uses. What nobody reads is returned.
std::string randomCalls(unsigned seed);

/// The same of images: convolutions, norms with and without relu and residual, and the way back
/// through them. On a mesh of two ranks, over which some norms' sums are added up.
std::string randomImageCalls(unsigned seed);

} // namespace autopar

#endif
