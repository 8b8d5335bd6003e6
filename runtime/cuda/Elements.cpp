// See Elements.h.
#include "autopar/cuda/Elements.h"

#include <stdexcept>
#include <string>

void autopar::cuda::requireType(const char *call, const char *name, DataType planned,
                                DataType given) {
  if (planned != given)
    throw std::invalid_argument(std::string(call) + ": planned for " + name + " of " +
                                std::string(nameOf(planned)) + ", called with " +
                                std::string(nameOf(given)));
}
