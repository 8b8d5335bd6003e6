#include "autopar/tcp/Launch.h"

#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string_view>

using namespace autopar;

namespace {

/// The environment, with what is said where a variable's value is none.
class Variables {
public:
  explicit Variables(const Launch::Environment &variable) : variable(variable) {}

  bool has(const char *name) const { return !text(name).empty(); }

  std::string_view text(const char *name) const {
    const char *const value = variable(name);
    return value ? value : "";
  }

  template <typename T> T number(const char *name, T least, T most, const char *wanted) const {
    const std::string_view word = text(name);
    T value{};
    const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || rest != word.data() + word.size() || !(value >= least) ||
        !(value <= most))
      throw std::invalid_argument(std::string(name) + " takes " + wanted + ", not '" +
                                  std::string(word) + "'");
    return value;
  }

  int count(const char *name, int least) const {
    return number(name, least, 1 << 24,
                  least ? "a whole number from 1 on" : "a whole number from 0 on");
  }

private:
  const Launch::Environment &variable;
};

void readRank(const Variables &given, const char *rank, const char *ranks, Launch &launch) {
  for (auto [is, isNot] : {std::pair(rank, ranks), std::pair(ranks, rank)})
    if (given.has(is) && !given.has(isNot))
      throw std::invalid_argument(std::string(is) + " is set and " + isNot +
                                  " is not; a launcher sets both, a single rank needs none");
  launch.rank = given.count(rank, 0);
  launch.ranks = given.count(ranks, 1);
  if (launch.rank >= launch.ranks)
    throw std::invalid_argument(std::string(rank) + "=" + std::to_string(launch.rank) +
                                " is no rank of " + ranks + "=" + std::to_string(launch.ranks) +
                                ", which counts from 0");
}

void readMeeting(const Variables &given, Launch &launch) {
  launch.address = given.text("MASTER_ADDR");
  if (launch.address.empty())
    throw std::invalid_argument(
        "MASTER_ADDR is not set: it names the host of rank 0, where " +
        std::to_string(launch.ranks) + " ranks meet" +
        (launch.by == Launch::By::Srun ? "; before srun: export MASTER_ADDR=$(scontrol show "
                                         "hostnames \"$SLURM_JOB_NODELIST\" | head -n 1)"
                                       : ""));
  const auto port = [&given](const char *name) {
    return given.number(name, 1, 65535, "a port, from 1 to 65535");
  };
  launch.port = given.has("MASTER_PORT") ? port("MASTER_PORT") : 29500;
  // There torchrun's own store listens on the port that it names.
  if (given.text("TORCHELASTIC_USE_AGENT_STORE") == "True")
    launch.port = launch.port % 65535 + 1;
  if (given.has("AUTOPAR_PORT"))
    launch.port = port("AUTOPAR_PORT");
}

} // namespace

Launch Launch::read(const Environment &variable, bool withMpi) {
  const Variables given(variable);
  const bool byMpi =
      given.has("OMPI_COMM_WORLD_SIZE") || given.has("PMIX_RANK") || given.has("PMI_RANK");
  Launch launch;
  if (given.has("AUTOPAR_PATIENCE"))
    launch.patience =
        given.number("AUTOPAR_PATIENCE", 1e-3, 1e6, "a positive number of seconds");

  // A launcher may have been started by another: the innermost one counts.
  const char *local = nullptr;
  if (!given.has("TORCHELASTIC_RUN_ID") && byMpi && withMpi) {
    launch.by = By::Mpirun;
  } else if (given.has("RANK") || given.has("WORLD_SIZE")) {
    launch.by = By::Variables;
    readRank(given, "RANK", "WORLD_SIZE", launch);
    local = "LOCAL_RANK";
  } else if (given.has("SLURM_STEP_NUM_TASKS")) { // not in a batch script's own shell
    launch.by = By::Srun;
    readRank(given, "SLURM_PROCID", "SLURM_STEP_NUM_TASKS", launch);
    local = "SLURM_LOCALID";
  } else if (byMpi) {
    throw std::invalid_argument("mpirun has started this program, which was built without MPI; "
                                "start it by torchrun or srun, or build it where MPI is");
  }
  if (local && given.has(local))
    launch.localRank = given.count(local, 0);
  if (launch.ranks > 1)
    readMeeting(given, launch);
  return launch;
}
