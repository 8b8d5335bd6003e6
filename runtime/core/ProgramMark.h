// What tells a program that autopar has built from any other file: the compiler replaces no other.

#ifndef AUTOPAR_CORE_PROGRAMMARK_H
#define AUTOPAR_CORE_PROGRAMMARK_H

namespace autopar::inline runtime {

/// Stands in every program's binary, as trainMain's.
inline constexpr char programMark[] = "autopar: this is a training program of a rank";

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_PROGRAMMARK_H
