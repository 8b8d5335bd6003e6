// The search by the ILP over moments: solve, decode, simulate; add the moments
// where the schedule is over the budget; until the schedule fits.

#include "MomentIlp.h"

#include "Methods.h"

#include <algorithm>
#include <limits>

namespace autopar::remat {

double searchIlp(const Problem &problem, Best &best, const Clock &clock, double allowedGap) {
  MomentIlp ilp(problem, best.budget);
  for (int i = 0; i < problem.size(); ++i)
    if (!problem.operations[i].recomputable) {
      ilp.addMoment(i);
      break;
    }
  ilp.refine(originalOrder(problem), 1);
  double bound = 0;
  while (clock.left() > 0) {
    IlpAnswer answer = ilp.solve(clock.left(), allowedGap, best.fits ? best.sequence : Sequence());
    if (ilp.isRelaxation())
      bound = std::max(bound, answer.bound);
    if (best.onProgress)
      best.onProgress("ilp: " + std::to_string(ilp.numMoments()) + " moments, " +
                      std::to_string(ilp.numConditions()) + " conditions, cost " +
                      std::to_string(answer.objective) + ", bound " +
                      std::to_string(answer.bound) + ", at " + std::to_string(clock.elapsed()));
    if (answer.kind == IlpAnswer::Infeasible)
      return std::numeric_limits<double>::infinity();
    if (answer.kind == IlpAnswer::Unknown)
      break;
    Sequence sequence = decode(problem, answer.plan);
    best.offer(sequence, "ilp");
    if(getenv("DBG")){auto sim=simulate(problem,sequence);std::vector<char> ran(problem.size());for(size_t at=0;at<sequence.size();at++){int i=sequence[at]; if(sim.live[at]>best.budget) fprintf(stderr,"  over %d%s %s excess %.3f%% next first? \n",i,ran[i]?"*":"",problem.operations[i].name.c_str(),100.*(sim.live[at]-best.budget)/best.budget); ran[i]=1;}}
    if (best.fits && double(best.extraCost) <= bound + allowedGap)
      break;
    if (!ilp.refine(sequence, 8))
      break;
  }
  return bound;
}

} // namespace autopar::remat
