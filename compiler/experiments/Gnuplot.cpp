// See Gnuplot.h.
#include "compiler/experiments/Gnuplot.h"

#include "compiler/files/Files.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

namespace autopar {

namespace fs = llvm::sys::fs;

/// Drawn twice: as lines to scale, and as points for where only those are shown. The colours
/// are Okabe and Ito's, which stay apart for the colour-blind.
static constexpr llvm::StringLiteral script = R"(# gnuplot {0}.gp writes {0}.svg and {0}.png.
set datafile separator ","
set encoding utf8
set border 3 lc rgb "#555555"
set tics nomirror out textcolor rgb "#333333"
set grid lc rgb "#dddddd" lw 0.8
set key top left reverse Left
set style line 1 lc rgb "#0072b2" lw 2 pt 7 ps 0.7
set style line 2 lc rgb "#d55e00" lw 2 pt 9 ps 0.9
set style line 3 lc rgb "#999999" lw 1.5 dt 2
set style line 4 lc rgb "#009e73" lw 2 pt 5 ps 0.7

set terminal svg size 820,520 font "DejaVu Sans,13" background rgb "white"
set output "{0}.svg"
{1}
set terminal pngcairo size 1640,1040 font "DejaVu Sans,26" linewidth 2 pointscale 2 background rgb "white"
set output "{0}.png"
replot
set output
)";

std::string quoted(llvm::StringRef text) {
  std::string all = "\"";
  for (char c : text) {
    // Underscores, carets and the like mean something in gnuplot's enhanced text.
    if (llvm::StringRef("_^@{}~&").contains(c))
      all += "\\\\";
    else if (c == '"' || c == '\\')
      all += '\\';
    all += c == '\n' ? ' ' : c;
  }
  return all + "\"";
}

llvm::Error drawPlot(llvm::StringRef folder, llvm::StringRef name, llvm::StringRef plot) {
  llvm::SmallString<128> file(folder);
  llvm::sys::path::append(file, name + ".gp");
  std::string text = llvm::formatv(script.data(), name, plot);
  if (llvm::Error error = writeFile(file, text))
    return error;
  llvm::ErrorOr<std::string> gnuplot = llvm::sys::findProgramByName("gnuplot");
  if (!gnuplot)
    return llvm::createStringError("'gnuplot' is not found; install gnuplot-nox, then: cd " +
                                   folder + " && gnuplot " + name + ".gp");
  llvm::Expected<std::string> log = makeTemporaryFile("autopar-plot", ".log");
  if (!log)
    return log.takeError();
  auto remove = llvm::scope_exit([&] { (void)fs::remove(*log); });
  std::optional<llvm::StringRef> redirects[] = {llvm::StringRef(""), llvm::StringRef(*log),
                                                llvm::StringRef(*log)};
  // gnuplot has no option for its folder, but takes commands; a quote in quotes is two.
  std::string change = "cd '", load = (name + ".gp").str();
  for (char c : folder)
    change += c == '\'' ? "''" : std::string(1, c);
  change += "'";
  std::string message;
  int status = llvm::sys::ExecuteAndWait(*gnuplot, {*gnuplot, "-e", change, load}, std::nullopt,
                                         redirects,
                                         /*seconds=*/60, /*memory=*/0, &message);
  if (status == 0)
    return llvm::Error::success();
  auto said = llvm::MemoryBuffer::getFile(*log);
  return llvm::createStringError("gnuplot " + file + " failed: " + message +
                                 (said ? (*said)->getBuffer().trim() : ""));
}

} // namespace autopar
