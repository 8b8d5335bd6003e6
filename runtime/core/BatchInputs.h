// What a step reads of its batch. A program may read more than images, text and their labels, and
// only batches that are given have that.

#ifndef AUTOPAR_CORE_BATCHINPUTS_H
#define AUTOPAR_CORE_BATCHINPUTS_H

#include "autopar/core/Description.h"

#include <algorithm>
#include <initializer_list>
#include <stdexcept>
#include <string>

namespace autopar::inline runtime {

/// Whether a step reads it of its batch, and not of the run's state.
inline bool isOfBatch(const Port &port) {
  return port.name != "learning_rate" && port.name != "state";
}

/// Throws std::invalid_argument where a batch has an input beside those `filled`.
inline void requireNoOthers(const EntryPoint &entry,
                            std::initializer_list<std::string_view> filled) {
  for (const Port &port : entry.inputs)
    if (isOfBatch(port) && std::find(filled.begin(), filled.end(), port.name) == filled.end())
      throw std::invalid_argument("the program reads " + std::string(port.name) +
                                  ", which this data has not; give batches by --fixed-batch");
}

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_BATCHINPUTS_H
