// See Workspace.h.
#include "autopar/cuda/Workspace.h"

#include <stdexcept>
#include <string>

void autopar::cuda::requireWorkspace(const char *call, size_t needed, size_t planned) {
  if (needed > planned)
    throw std::runtime_error(std::string(call) + ": planned " + std::to_string(planned) +
                             " bytes of workspace, but this GPU needs " +
                             std::to_string(needed) +
                             "; compile the model again for this kind of GPU");
}
