// See ProgramForm.h.
#include "compiler/emit/ProgramForm.h"

namespace autopar::emit {

using llvm::StringRef;

static constexpr StringRef cpuHeaders[] = {"core/Program.h", "mpi/HostTarget.h"};
static constexpr StringRef cpuRooms[] = {"core", "mpi", "cpu"};
static constexpr StringRef cpuLibraries[] = {"autopar_mpi", "autopar_collective_plan",
                                             "autopar_core", "autopar_output", "autopar_cpu"};
static constexpr StringRef cpuTop[] = {"autopar_mpi", "autopar_cpu"};
static constexpr StringRef cpuOptions[] = {"-fopenmp", "-ldnnl"};

static constexpr StringRef cudaHeaders[] = {"core/Program.h", "cuda/NarrowTypes.h",
                                            "cuda/StepRunner.h", "cuda/Target.h"};
static constexpr StringRef cudaMembers[] = {
    "const cuda::Context &context = cuda::Equipment::of(arena).context;",
    "cuda::Network &network = cuda::Equipment::of(arena).network;"};
static constexpr StringRef cudaRooms[] = {"core", "tcp", "mpi", "cuda"};
static constexpr StringRef cudaLibraries[] = {"autopar_cuda", "autopar_cuda_plan",
                                              "autopar_mpi", "autopar_collective_plan",
                                              "autopar_tcp", "autopar_core", "autopar_output"};
static constexpr StringRef cudaTop[] = {"autopar_cuda"};
static constexpr StringRef cudaOptions[] = {
    "-fopenmp",   AUTOPAR_CUDA_LIBRARIES, "-lcudnn", "-lnccl",
    "-lcublasLt", "-lcudart_static",      "-ldl",    "-lrt",
    "-lpthread"};

const ProgramForm &programForm(StringRef target) {
  static const ProgramForm cpu{.headers = cpuHeaders,
                               .members = {},
                               .runner = "",
                               .target = "hostTarget()",
                               .rooms = cpuRooms,
                               .libraries = cpuLibraries,
                               .topLibraries = cpuTop,
                               .linkOptions = cpuOptions};
  static const ProgramForm cuda{.headers = cudaHeaders,
                                .members = cudaMembers,
                                .runner = "cuda::StepRunner",
                                .target = "cuda::target()",
                                .rooms = cudaRooms,
                                .libraries = cudaLibraries,
                                .topLibraries = cudaTop,
                                .linkOptions = cudaOptions};
  return target == "cuda" ? cuda : cpu;
}

} // namespace autopar::emit
