// A device model from measurements: a program that times its own calls runs on the machine, and
// each kind of operation and each axis of the mesh gets its prices from what they took.
#ifndef AUTOPAR_COMPILER_EXPERIMENTS_PROFILE_H
#define AUTOPAR_COMPILER_EXPERIMENTS_PROFILE_H

#include "compiler/device/DeviceModel.h"
#include "compiler/experiments/Measurement.h"

#include "llvm/ADT/StringMap.h"

namespace autopar {

/// Seconds of each call of a step by the name of what it computes; calls of one name together.
using CallSeconds = llvm::StringMap<double>;

/// Reads what a CallClock wrote.
llvm::Expected<CallSeconds> readCallSeconds(llvm::StringRef json);

struct Profile {
  DeviceModel device;
  /// Of a step: itself; all its calls' medians together.
  double stepSeconds = 0, callSeconds = 0;
  /// Scaled to the step: calls that the model has an operation for.
  double explainedSeconds = 0;
  /// The same operations by the device model that was given, and by the measured one.
  double secondsBefore = 0, secondsAfter = 0;
  /// A line a kind, of the most seconds first.
  struct Kind {
    std::string name;
    int64_t operations = 0;
    double measured = 0, before = 0, after = 0;
  };
  std::vector<Kind> kinds;
};

/// Prices from times: kinds of operations get those that fit their calls best, axes of the mesh
/// theirs from the collectives over them. What no call tells of stays as in `base`. A step is
/// longer than its calls' medians together (data, and whatever else the machine does at times):
/// calls are scaled to `stepSeconds`, its own median.
Profile makeProfile(const Compilation &plan, const CallSeconds &calls, double stepSeconds,
                    const DeviceModel &base, llvm::StringRef name, llvm::StringRef source);

/// Emits the plan's program with a clock at each call, runs it, and makes the profile.
llvm::Expected<Profile> measureProfile(const Compilation &plan, const CompileOptions &options,
                                       llvm::StringRef model, llvm::StringRef name,
                                       llvm::StringRef folder, const RunOptions &run);

void printProfile(const Profile &profile, llvm::raw_ostream &out);

} // namespace autopar

#endif
