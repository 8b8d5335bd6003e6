// See Installed.h.
#include "compiler/files/Installed.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace autopar {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

std::string broughtFolder(llvm::StringRef installed, llvm::StringRef built) {
  // Behind links: /usr/local/bin may have one to the tool.
  std::string tool = fs::getMainExecutable(nullptr, reinterpret_cast<void *>(&broughtFolder));
  llvm::SmallString<128> folder;
  if (tool.empty() || fs::real_path(tool, folder))
    return built.str();
  folder = path::parent_path(path::parent_path(folder));
  path::append(folder, installed);
  return fs::is_directory(folder) ? folder.str().str() : built.str();
}

} // namespace autopar
