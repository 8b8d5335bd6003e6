// Address space at either end of a mapping that nothing may touch. Whoever does, by a call that
// reads or writes past its buffer, is stopped by the processor, and here told in a line of what.

#ifndef AUTOPAR_CORE_GUARDPAGES_H
#define AUTOPAR_CORE_GUARDPAGES_H

#include <cstddef>

namespace autopar::inline runtime {

/// Of each guard: a whole row of an image, or of a table, ends in it.
inline constexpr size_t guardBytes = size_t(2) << 20;

/// From here on an access to the guards of [base, base + bytes), which their owner maps without
/// any rights, ends the process with exit code 1 and an error that says how far off it was. All
/// other faults are whose they were.
void watchGuards(const std::byte *base, size_t bytes);
void forgetGuards(const std::byte *base) noexcept;

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_GUARDPAGES_H
