// How far a long piece of work is, on a terminal only:
//
//   planning [==========>         ] 7/15  9.2 GiB  12 s left
#ifndef AUTOPAR_COMPILER_EXPERIMENTS_PROGRESS_H
#define AUTOPAR_COMPILER_EXPERIMENTS_PROGRESS_H

#include "llvm/ADT/StringRef.h"

#include <chrono>
#include <string>

namespace autopar {

class Progress {
public:
  /// `parts` is how many times advance() will be called. Nothing is shown within the first
  /// second, or where standard error is no terminal.
  Progress(llvm::StringRef doing, int parts);
  /// Wipes the line.
  ~Progress();

  /// A part begins: `what` it is.
  void begin(llvm::StringRef what);
  /// A part is done.
  void advance();

  /// The line as it would be shown after `seconds`; for tests.
  std::string line(double seconds) const;

private:
  void show();

  std::string doing, what;
  int parts, done = 0;
  bool speaks, isShown = false;
  std::chrono::steady_clock::time_point start;
};

} // namespace autopar

#endif
