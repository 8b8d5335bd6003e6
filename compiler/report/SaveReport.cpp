// See SaveReport.h. The page is page/index.html with the style sheet, the script and the plan
// put in; CMake writes them into EmbeddedPage.inc.
#include "compiler/report/SaveReport.h"

#include "compiler/files/Files.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

namespace autopar {

namespace {
#include "EmbeddedPage.inc"
} // namespace

/// Stands in page/index.html.
static constexpr llvm::StringLiteral pageMark =
    R"(<meta name="generator" content="autopar">)";

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

static constexpr llvm::StringLiteral pageFile = "index.html", planFile = "plan.json";

static bool isFile(llvm::StringRef place) { return place.ends_with(".json"); }

std::vector<std::string> reportFiles(llvm::StringRef place) {
  if (isFile(place))
    return {place.str()};
  if (place.empty() || !llvm::sys::fs::is_directory(place))
    return {};
  return {inFolder(place, pageFile), inFolder(place, planFile)};
}

llvm::Error checkReport(llvm::StringRef place) {
  if (place.empty() || isFile(place))
    return llvm::Error::success();
  llvm::StringRef parent = llvm::sys::path::parent_path(place.rtrim('/'));
  if (!parent.empty() && !llvm::sys::fs::is_directory(parent))
    return llvm::createStringError("--report " + place + ": there is no folder '" + parent +
                                   "'");
  if (llvm::Error error = checkFolder(place))
    return llvm::createStringError("--report " + place + ": " +
                                   llvm::toString(std::move(error)));
  const std::string page = inFolder(place, pageFile);
  if (!llvm::sys::fs::exists(page) && !llvm::sys::fs::exists(inFolder(place, planFile)))
    return llvm::Error::success();
  auto old = llvm::MemoryBuffer::getFile(page);
  if (old && (*old)->getBuffer().contains(pageMark))
    return llvm::Error::success();
  return llvm::createStringError("--report " + place + ": the folder holds " + pageFile +
                                 " or " + planFile +
                                 " that are not of a report; name another folder");
}

llvm::Error saveReport(const Compilation &compilation, const ReportNames &names,
                       llvm::StringRef place) {
  std::string plan;
  llvm::raw_string_ostream out(plan);
  writePlanJson(compilation, names, out);
  if (isFile(place))
    return writeFile(place, plan);

  if (std::error_code error = llvm::sys::fs::create_directories(
          place, /*IgnoreExisting=*/true, llvm::sys::fs::perms::all_all))
    return llvm::createStringError("cannot make the folder '" + place +
                                   "': " + error.message());
  // The page first: by it the folder is known for a report's.
  if (llvm::Error error = writeFile(inFolder(place, pageFile), reportPage(names.model, plan)))
    return error;
  return writeFile(inFolder(place, planFile), plan);
}

} // namespace autopar
