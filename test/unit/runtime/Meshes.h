// The meshes of the tests: of one rank, of two, and of four in a square.
#ifndef AUTOPAR_TEST_UNIT_RUNTIME_MESHES_H
#define AUTOPAR_TEST_UNIT_RUNTIME_MESHES_H

#include "autopar/core/Description.h"

namespace autopar::meshes {

inline constexpr Mesh one{.sizes = {1}, .axes = {"x"}};
inline constexpr Mesh two{.sizes = {2}, .axes = {"x"}};
inline constexpr Mesh four{.sizes = {2, 2}, .axes = {"x", "y"}};

} // namespace autopar::meshes

#endif
