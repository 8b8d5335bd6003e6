// See Operand.h.
#include "standin/device/Operand.h"

#include <algorithm>

using standin::Operand;

size_t Operand::extent() const {
  size_t last = 0;
  for (const Repeat &repeat : repeats)
    last += (repeat.count - 1) * repeat.distance;
  return last + rowBytes;
}

Operand standin::strided(Use use, std::string name, const void *begin, size_t elementBytes,
                         std::vector<Operand::Repeat> dimensions) {
  Operand operand{use, std::move(name), begin, elementBytes};
  std::ranges::sort(dimensions, {}, &Operand::Repeat::distance);
  for (const Operand::Repeat &dimension : dimensions) {
    if (dimension.count == 1)
      continue;
    if (operand.repeats.empty() && dimension.distance <= operand.rowBytes)
      operand.rowBytes += (dimension.count - 1) * dimension.distance;
    else
      operand.repeats.push_back(dimension);
  }
  return operand;
}
