// First values of variables, drawn per global element, so that every mesh
// begins with the same model.

#ifndef AUTOPAR_CORE_INITIALISE_H
#define AUTOPAR_CORE_INITIALISE_H

#include "autopar/core/Arena.h"
#include "autopar/core/Place.h"

namespace autopar::inline runtime {

/// Fills this rank's shard of every variable. Throws std::invalid_argument when
/// a variable is not f32, or its planned bytes are not those of its shard.
void initialise(std::span<const Variable> variables, uint64_t seed, const Place &place,
                Arena &arena);

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_INITIALISE_H
