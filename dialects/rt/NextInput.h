// Where the next step's batch waits: on a target that brings it while a step or an evaluation
// runs, a slice of its own, which no call works on.
#ifndef AUTOPAR_DIALECTS_RT_NEXTINPUT_H
#define AUTOPAR_DIALECTS_RT_NEXTINPUT_H

#include "dialects/rt/Rt.h"

namespace autopar::rt {

/// On a slice: the input of a step for whose next value it is room.
inline constexpr llvm::StringLiteral nextAttrName = "rt.next";

inline bool isNextInput(SliceOp slice) { return slice->hasAttr(nextAttrName); }

} // namespace autopar::rt

#endif
