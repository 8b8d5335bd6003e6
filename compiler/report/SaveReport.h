// Puts the report where it was asked for: one JSON file, or a folder with a page to look at.
#ifndef AUTOPAR_COMPILER_REPORT_SAVEREPORT_H
#define AUTOPAR_COMPILER_REPORT_SAVEREPORT_H

#include "compiler/report/PlanJson.h"

#include "llvm/Support/Error.h"

namespace autopar {

/// `place` is a file where it ends in `.json`, and holds the plan. Else it is a folder, which
/// is made: PLACE/plan.json is that file, and PLACE/index.html a page that shows it, complete
/// in itself: it asks no network for anything.
llvm::Error saveReport(const Compilation &compilation, const ReportNames &names,
                       llvm::StringRef place);

/// Whether saveReport may write to `place`: known at once, and better to hear before a plan is made.
/// In a folder a page or a plan.json that is not autopar's is not replaced.
llvm::Error checkReport(llvm::StringRef place);

/// The files at `place` that saveReport would replace or, if it names a file, make.
std::vector<std::string> reportFiles(llvm::StringRef place);

/// The page that shows `plan`, the text of a plan.json.
std::string reportPage(llvm::StringRef title, llvm::StringRef plan);

} // namespace autopar

#endif
