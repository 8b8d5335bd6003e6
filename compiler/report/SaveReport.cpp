// See SaveReport.h. The page is page/index.html with the style sheet, the script and the plan
// put in; CMake writes them into EmbeddedPage.inc.
#include "compiler/report/SaveReport.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Path.h"

namespace autopar {

namespace {
#include "EmbeddedPage.inc"
} // namespace

/// In JSON's strings, as in scripts, `<\/` is `</`, which would end the element.
static std::string insideScript(llvm::StringRef json) {
  std::string safe;
  for (char c : json)
    safe += c == '/' && !safe.empty() && safe.back() == '<' ? "\\/" : std::string(1, c);
  return safe;
}

static std::string escaped(llvm::StringRef text) {
  std::string html;
  for (char c : text)
    html += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
  return html;
}

std::string reportPage(llvm::StringRef title, llvm::StringRef plan) {
  const std::pair<llvm::StringRef, std::string> places[] = {{"@TITLE@", escaped(title)},
                                                            {"@STYLE@", pageStyle},
                                                            {"@PLAN@", insideScript(plan)},
                                                            {"@SCRIPT@", pageScript}};
  // From the front: what is put in is not looked through again.
  std::string page;
  llvm::StringRef rest = pageFrame;
  for (const auto &[place, text] : places) {
    auto [before, after] = rest.split(place);
    page += before;
    page += text;
    rest = after;
  }
  return page + rest.str();
}

static llvm::Error writeFile(llvm::StringRef path, llvm::StringRef text) {
  return llvm::writeToOutput(path, [&](llvm::raw_ostream &out) {
    out << text;
    return llvm::Error::success();
  });
}

llvm::Error saveReport(const Compilation &compilation, const ReportNames &names,
                       llvm::StringRef place) {
  std::string plan;
  llvm::raw_string_ostream out(plan);
  writePlanJson(compilation, names, out);
  if (place.ends_with(".json"))
    return writeFile(place, plan);

  if (std::error_code error = llvm::sys::fs::create_directories(place))
    return llvm::createStringError("cannot make the folder '" + place +
                                   "': " + error.message());
  llvm::SmallString<128> json(place), page(place);
  llvm::sys::path::append(json, "plan.json");
  llvm::sys::path::append(page, "index.html");
  if (llvm::Error error = writeFile(json, plan))
    return error;
  return writeFile(page, reportPage(names.model, plan));
}

} // namespace autopar
