// See Workspace.h.
#include "autopar/cpu/Workspace.h"

#include <omp.h>

#include <stdexcept>
#include <string>

void autopar::cpu::planForThreads(int threads) {
  if (threads < 1)
    throw std::invalid_argument("cannot plan for " + std::to_string(threads) +
                                " threads; a rank has at least 1");
  omp_set_num_threads(threads);
}

void autopar::cpu::requireWorkspace(const char *call, size_t needed, size_t planned) {
  if (needed <= planned)
    return;
  throw std::runtime_error(std::string(call) + ": planned " + std::to_string(planned) +
                           " bytes of workspace, but this machine needs " +
                           std::to_string(needed) + " with " +
                           std::to_string(omp_get_max_threads()) +
                           " threads a rank; compile the model again on this kind of machine "
                           "and for this number of threads, or set OMP_NUM_THREADS to the "
                           "number it was compiled for");
}
