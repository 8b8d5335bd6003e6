// First values of variables, drawn per global element, so that every mesh
// begins with the same model.

#ifndef AUTOPAR_CORE_INITIALISE_H
#define AUTOPAR_CORE_INITIALISE_H

#include "autopar/core/Arena.h"
#include "autopar/core/Place.h"

namespace autopar::inline runtime {

/// Fills this rank's shard of every variable; its padding with zeros. Throws
/// std::invalid_argument when a variable is not f32, its planned bytes are not those of its
/// shard, or it is stored as more elements than it has.
void initialise(std::span<const Variable> variables, uint64_t seed, const Place &place,
                Arena &arena);

/// Puts this rank's shard of every constant in its place. Throws std::invalid_argument where its
/// planned bytes are not those of its shard.
void placeConstants(std::span<const Constant> constants, const Place &place, Arena &arena);

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_INITIALISE_H
