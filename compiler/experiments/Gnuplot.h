// Pictures by gnuplot: the script stays beside its data, so that a plot can be made again, or
// made otherwise, with nothing but gnuplot.
#ifndef AUTOPAR_COMPILER_EXPERIMENTS_GNUPLOT_H
#define AUTOPAR_COMPILER_EXPERIMENTS_GNUPLOT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace autopar {

/// Writes FOLDER/NAME.gp, which holds `plot` under our settings (grid, colours, fonts), and
/// runs it in the folder: FOLDER/NAME.svg and FOLDER/NAME.png. Fails where gnuplot is not there
/// or finds fault; its message is in the error.
llvm::Error drawPlot(llvm::StringRef folder, llvm::StringRef name, llvm::StringRef plot);

/// Text for a gnuplot string in double quotes.
std::string quoted(llvm::StringRef text);

} // namespace autopar

#endif
