// See Progress.h.
#include "compiler/experiments/Progress.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>

namespace autopar {

static constexpr int barWidth = 24;
/// Clears a terminal's line from where the cursor is.
static constexpr llvm::StringLiteral clear = "\r\033[K";

Progress::Progress(llvm::StringRef doing, int parts)
    : doing(doing), parts(parts), speaks(llvm::sys::Process::StandardErrIsDisplayed()),
      start(std::chrono::steady_clock::now()) {}

Progress::~Progress() {
  if (isShown)
    llvm::errs() << clear;
}

void Progress::begin(llvm::StringRef part) {
  what = part.str();
  show();
}

void Progress::advance() {
  ++done;
  show();
}

std::string Progress::line(double seconds) const {
  int filled = std::clamp(barWidth * done / std::max(parts, 1), 0, barWidth);
  std::string bar = std::string(filled, '=') + std::string(barWidth - filled, ' ');
  if (filled < barWidth)
    bar[filled] = '>';
  std::string text = llvm::formatv("{0} [{1}] {2}/{3}  {4}", doing, bar, done, parts, what);
  if (done > 0 && done < parts)
    text += llvm::formatv("  {0:f0} s left", seconds / done * (parts - done)).str();
  return text;
}

void Progress::show() {
  double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!speaks || seconds < 1)
    return;
  llvm::errs() << clear << line(seconds);
  isShown = true;
}

} // namespace autopar
