// See Folder.h.
#include "compiler/emit/Folder.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace autopar::emit {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

llvm::Error fileError(const llvm::Twine &what, std::error_code reason) {
  return llvm::createStringError(reason, "cannot " + what + ": " + reason.message());
}

static bool isEmptyFolder(llvm::StringRef folder) {
  std::error_code error;
  return fs::directory_iterator(folder, error) == fs::directory_iterator();
}

llvm::Error checkReplaceable(llvm::StringRef directory, llvm::StringRef mark) {
  if (!fs::exists(directory))
    return llvm::Error::success();
  if (!fs::is_directory(directory))
    return llvm::createStringError("'" + directory + "' is a file; name a folder to write to");
  llvm::SmallString<128> marked(directory);
  path::append(marked, mark);
  if (fs::exists(marked) || isEmptyFolder(directory))
    return llvm::Error::success();
  return llvm::createStringError("folder '" + directory + "' holds other files and no " + mark +
                                 "; name a folder of the program's own");
}

llvm::Error replaceFolder(llvm::StringRef directory, llvm::StringRef mark,
                          llvm::function_ref<llvm::Error(llvm::StringRef)> write) {
  llvm::SmallString<128> target(directory);
  if (std::error_code error = fs::make_absolute(target))
    return fileError("find folder '" + directory + "'", error);
  path::remove_dots(target, /*remove_dot_dot=*/true);
  if (llvm::Error error = checkReplaceable(target, mark))
    return error;
  if (std::error_code error = fs::create_directories(path::parent_path(target)))
    return fileError("make folder '" + path::parent_path(target) + "'", error);

  llvm::SmallString<128> fresh;
  if (std::error_code error = fs::createUniqueDirectory(target + ".new", fresh)) {
    return fileError("make a folder beside '" + target + "'", error);
  }
  auto drop = [&](llvm::Error error) {
    fs::remove_directories(fresh);
    return error;
  };
  // createUniqueDirectory makes it private; what stands in its place should not be.
  if (std::error_code error = fs::setPermissions(fresh, fs::perms(0755)))
    return drop(fileError("open folder '" + fresh.str() + "' to others", error));
  if (llvm::Error error = write(fresh))
    return drop(std::move(error));

  llvm::SmallString<128> old;
  if (fs::exists(target)) {
    old = target;
    old += path::filename(fresh).substr(path::filename(target).size());
    old += ".old";
    if (std::error_code error = fs::rename(target, old))
      return drop(fileError("move folder '" + target.str() + "'", error));
  }
  if (std::error_code error = fs::rename(fresh, target)) {
    if (!old.empty())
      (void)fs::rename(old, target);
    return drop(fileError("put folder '" + target.str() + "' in place", error));
  }
  if (!old.empty())
    (void)fs::remove_directories(old);
  return llvm::Error::success();
}

} // namespace autopar::emit
