// The fast half of the planner: items are placed one after another, each in
// the lowest or the tightest gap that its lifetime leaves. No order is best on
// every program, so several are tried and the smallest arena is kept.
#ifndef AUTOPAR_COMPILER_SOLVERS_PACKING_GREEDY_H
#define AUTOPAR_COMPILER_SOLVERS_PACKING_GREEDY_H

#include "compiler/solvers/packing/Items.h"

namespace autopar::packing {

struct GreedyResult {
  Offsets offsets;
  int64_t units;
  std::string order;
};

/// Tries the orders until one needs no more than `target` units; returns the
/// best.
GreedyResult packGreedily(const Items &problem, int64_t target);

} // namespace autopar::packing

#endif
