// See Folder.h.
#include "compiler/files/Folder.h"

#include "compiler/files/Files.h"
#include "compiler/files/Manifest.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace autopar {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static std::error_code makeFolders(llvm::StringRef path) {
  return fs::create_directories(path, /*IgnoreExisting=*/true, fs::perms::all_all);
}

static fs::file_type typeOf(llvm::StringRef path) {
  fs::file_status status;
  (void)fs::status(path, status, /*follow=*/false);
  return status.type();
}

// A file system without such locks, as NFS may be, has none.
FolderLock::FolderLock(llvm::StringRef folder)
    : descriptor(open(folder.str().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor >= 0)
    while (flock(descriptor, LOCK_EX) != 0 && errno == EINTR)
      ;
}
FolderLock::~FolderLock() {
  if (descriptor >= 0)
    close(descriptor);
}

/// The folder behind all links; that of its parents alone where it does not exist.
static llvm::Expected<std::string> realPath(llvm::StringRef directory) {
  llvm::SmallString<128> target(directory), real;
  if (llvm::any_of(directory, [](char c) { return !llvm::isPrint(c) && llvm::isASCII(c); }))
    return llvm::createStringError("a folder's name has no line breaks or control characters, "
                                   "which no build takes; name another");
  if (std::error_code error = fs::make_absolute(target))
    return fileError("find folder '" + directory + "'", error);
  if (fs::exists(target)) {
    if (std::error_code error = fs::real_path(target, real))
      return fileError("find folder '" + directory + "'", error);
    return real.str().str();
  }
  if (typeOf(target) == fs::file_type::symlink_file)
    return llvm::createStringError("'" + directory +
                                   "' is a link to nothing; name a folder to write to");
  path::remove_dots(target, /*remove_dot_dot=*/true);
  return target.str().str();
}

/// The first part of the way to `place` that is there and is no folder, such as a link, which would
/// lead out; empty where there is none.
static std::string otherThanFolder(llvm::StringRef folder, llvm::StringRef place) {
  for (size_t end = 0; end < place.size(); ++end) {
    end = std::min(place.find('/', end), place.size());
    const fs::file_type type = typeOf(inFolder(folder, place.take_front(end)));
    if (type == fs::file_type::file_not_found)
      return "";
    if (type != fs::file_type::directory_file)
      return place.take_front(end).str();
  }
  return "";
}

/// The files that are in the way, each with why.
static std::vector<std::string> strangers(llvm::StringRef folder, const Manifest &known,
                                          const Manifest &files) {
  std::vector<std::string> all;
  for (const auto &[file, digests] : files.files()) {
    if (std::string other = otherThanFolder(folder, path::parent_path(file)); !other.empty()) {
      all.push_back(other + " is no folder");
      continue;
    }
    const fs::file_type type = typeOf(inFolder(folder, file));
    if (type == fs::file_type::file_not_found)
      continue;
    llvm::Expected<std::string> digest = digestOf(inFolder(folder, file));
    if (type == fs::file_type::regular_file && digest &&
        (known.lists(file, *digest) || digests.count(*digest)))
      continue;
    if (!digest)
      llvm::consumeError(digest.takeError());
    all.push_back(file + (known.lists(file) ? " has been changed" : " is not autopar's"));
  }
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

static llvm::Error refuseStrangers(llvm::StringRef folder, const Manifest &known,
                                   const Manifest &files) {
  std::vector<std::string> all = strangers(folder, known, files);
  if (all.empty())
    return llvm::Error::success();
  constexpr size_t shown = 3;
  std::string text = llvm::join(llvm::ArrayRef(all).take_front(shown), ", ");
  if (all.size() > shown)
    text += " and " + std::to_string(all.size() - shown) + " more";
  return llvm::createStringError("folder '" + folder + "' holds files that would be lost: " + text +
                                 "; move them away, or name another folder");
}

llvm::Error checkReplaceable(llvm::StringRef directory) {
  llvm::Expected<std::string> target = realPath(directory);
  if (!target)
    return target.takeError();
  if (!fs::exists(*target))
    return llvm::Error::success();
  if (!fs::is_directory(*target))
    return llvm::createStringError("'" + directory + "' is a file; name a folder to write to");
  llvm::Expected<Manifest> manifest = Manifest::read(*target);
  if (!manifest)
    return manifest.takeError();
  std::error_code error;
  const bool isEmpty =
      fs::directory_iterator(*target, error) == fs::directory_iterator() && !error;
  if (!isEmpty && !fs::exists(inFolder(*target, Manifest::fileName)))
    return llvm::createStringError("folder '" + directory + "' holds other files, and no " +
                                   Manifest::fileName +
                                   " to tell autopar's from them; name a folder of the program's "
                                   "own");
  if (access(target->c_str(), W_OK | X_OK) != 0)
    return fileError("write to folder '" + directory + "'",
                     {errno, std::generic_category()});
  return refuseStrangers(directory, *manifest, *manifest);
}

/// Empty parents of a file that has gone, up to the folder.
static void removeEmptyParents(llvm::StringRef folder, llvm::StringRef file) {
  for (llvm::StringRef parent = path::parent_path(file); !parent.empty();
       parent = path::parent_path(parent))
    if (rmdir(inFolder(folder, parent).c_str()) != 0)
      return;
}

/// Puts the files of `fresh` in their places in `target`, and removes what of autopar's is not
/// among them.
static llvm::Error takeOver(llvm::StringRef fresh, llvm::StringRef target) {
  llvm::Expected<Manifest> old = Manifest::read(target);
  if (!old)
    return old.takeError();
  llvm::Expected<Manifest> written = Manifest::of(fresh);
  if (!written)
    return written.takeError();
  Manifest either = *old;
  either.add(*written);
  if (llvm::Error error = refuseStrangers(target, *old, either))
    return error;
  if (llvm::Error error = either.write(target))
    return error;
  for (const auto &[file, digests] : written->files()) {
    const std::string place = inFolder(target, file);
    if (std::error_code error = makeFolders(path::parent_path(place)))
      return fileError("make folder '" + path::parent_path(place) + "'", error);
    if (std::error_code error = fs::rename(inFolder(fresh, file), place))
      return fileError("put '" + place + "' in place", error);
  }
  for (const auto &[file, digests] : old->files())
    if (!written->lists(file)) {
      if (std::error_code error = fs::remove(inFolder(target, file)))
        return fileError("remove '" + inFolder(target, file) + "'", error);
      removeEmptyParents(target, file);
    }
  return written->write(target);
}

/// `write`'s folder, made at `place` and gone afterwards unless it is moved.
static llvm::Error stage(llvm::StringRef place,
                         llvm::function_ref<llvm::Error(llvm::StringRef)> write,
                         llvm::function_ref<llvm::Error(llvm::StringRef)> move) {
  llvm::Expected<std::string> fresh = makeUniqueFolder(place);
  if (!fresh)
    return fresh.takeError();
  auto remove = llvm::scope_exit([&] { (void)fs::remove_directories(*fresh); });
  if (llvm::Error error = write(*fresh))
    return error;
  return move(*fresh);
}

static llvm::Error replaceFiles(llvm::StringRef target,
                                llvm::function_ref<llvm::Error(llvm::StringRef)> write) {
  FolderLock lock(target);
  if (llvm::Error error = checkReplaceable(target))
    return error;
  // Within, as the folder may be another disk's; listed first, so that a folder with what is left
  // of an attempt can still be told from one of other files.
  llvm::Expected<Manifest> manifest = Manifest::read(target);
  if (!manifest)
    return manifest.takeError();
  if (manifest->empty())
    if (llvm::Error error = manifest->write(target))
      return error;
  return stage(inFolder(target, ".autopar"), write,
               [&](llvm::StringRef fresh) { return takeOver(fresh, target); });
}

llvm::Error replaceFolder(llvm::StringRef directory,
                          llvm::function_ref<llvm::Error(llvm::StringRef)> write) {
  llvm::Expected<std::string> target = realPath(directory);
  if (!target)
    return target.takeError();
  if (fs::exists(*target))
    return replaceFiles(*target, write);
  llvm::StringRef parent = path::parent_path(*target);
  if (std::error_code error = makeFolders(parent))
    return fileError("make folder '" + parent + "'", error);
  return stage(
      inFolder(parent, ".autopar"), write,
      [&](llvm::StringRef fresh) -> llvm::Error {
        llvm::Expected<Manifest> written = Manifest::of(fresh);
        if (!written)
          return written.takeError();
        if (llvm::Error error = written->write(fresh))
          return error;
        // It was made private; what stands in its place should not be.
        if (std::error_code error = fs::setPermissions(
                fresh, static_cast<fs::perms>(0777 & ~fs::getUmask())))
          return fileError("open folder '" + fresh + "' to others", error);
        std::error_code error = fs::rename(fresh, *target);
        if (!error)
          return llvm::Error::success();
        if (!fs::is_directory(*target))
          return fileError("put folder '" + *target + "' in place", error);
        return replaceFiles(*target, write); // somebody was quicker
      });
}

} // namespace autopar
