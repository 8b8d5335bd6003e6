// See Files.h.
#include "compiler/files/Files.h"

#include "autopar/core/OutputFile.h"
#include "autopar/core/OutputPaths.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"

#include <cstdlib>
#include <unistd.h>

namespace autopar {

std::string inFolder(llvm::StringRef folder, llvm::StringRef file) {
  llvm::SmallString<128> joined(folder);
  llvm::sys::path::append(joined, file);
  return joined.str().str();
}

llvm::Error fileError(const llvm::Twine &what, std::error_code reason) {
  return llvm::createStringError(reason, "cannot " + what + ": " + reason.message());
}

static std::error_code lastError() { return {errno, std::generic_category()}; }

/// What the runtime throws, as LLVM has it.
template <typename Call> static llvm::Error caught(const Call &call) {
  try {
    call();
  } catch (const std::exception &error) {
    return llvm::createStringError(error.what());
  }
  return llvm::Error::success();
}

llvm::Error writeFile(llvm::StringRef path, llvm::StringRef text) {
  if (path == "-") {
    llvm::outs() << text;
    llvm::outs().flush();
    if (!llvm::outs().has_error())
      return llvm::Error::success();
    std::error_code error = llvm::outs().error();
    llvm::outs().clear_error();
    return fileError("write to standard output", error);
  }
  return caught([&] {
    OutputFile file(path.str());
    const std::string beside = file.beside();
    if (!beside.empty())
      llvm::sys::RemoveFileOnSignal(beside);
    auto keep = llvm::scope_exit([&] { llvm::sys::DontRemoveFileOnSignal(beside); });
    file.write(std::string_view(text));
    file.finish();
  });
}

llvm::Error writeFile(llvm::StringRef path,
                      llvm::function_ref<void(llvm::raw_ostream &)> write) {
  std::string text;
  llvm::raw_string_ostream out(text);
  write(out);
  return writeFile(path, text);
}

llvm::Error checkOutputs(llvm::ArrayRef<NamedFile> outputs, llvm::ArrayRef<NamedFile> inputs) {
  std::vector<OutputPath> written;
  std::vector<InputPath> read;
  for (const NamedFile &output : outputs)
    if (output.path != "-")
      written.push_back({output.option, output.path, output.mayReplace});
  for (const NamedFile &input : inputs)
    read.push_back({input.option, input.path});
  return caught([&] { requireOutputs(written, read); });
}

llvm::Error checkFolder(llvm::StringRef folder) {
  namespace fs = llvm::sys::fs;
  llvm::SmallString<128> place(folder);
  if (std::error_code error = fs::make_absolute(place))
    return fileError("find folder '" + folder + "'", error);
  while (!fs::exists(place) && llvm::sys::path::has_parent_path(place))
    llvm::sys::path::remove_filename(place);
  if (!fs::is_directory(place))
    return llvm::createStringError("'" + place.str() + "' is a file; name a folder");
  if (access(place.c_str(), W_OK | X_OK) != 0)
    return fileError("write to folder '" + place.str() + "'", lastError());
  return llvm::Error::success();
}

llvm::Expected<std::string> placeOf(llvm::StringRef path) {
  std::string place;
  if (llvm::Error error = caught([&] {
        const Destination destination(path.str());
        if (!destination.isFile())
          throw std::runtime_error(path.str() + ": is no regular file; name another");
        OutputFile::check(path.str());
        place = destination.file();
      }))
    return error;
  return place;
}

llvm::Expected<std::string> makeUniqueFile(llvm::StringRef prefix) {
  std::string path = (prefix + ".XXXXXX").str();
  const int descriptor = mkstemp(path.data());
  if (descriptor < 0)
    return fileError("make a file beside '" + prefix + "'", lastError());
  close(descriptor);
  llvm::sys::RemoveFileOnSignal(path);
  return path;
}

llvm::Expected<std::string> makeUniqueFolder(llvm::StringRef prefix) {
  std::string path = (prefix + ".XXXXXX").str();
  if (!mkdtemp(path.data()))
    return fileError("make a folder beside '" + prefix + "'", lastError());
  return path;
}

static std::string inTemporaryFolder(llvm::StringRef name) {
  llvm::SmallString<128> path;
  llvm::sys::path::system_temp_directory(/*ErasedOnReboot=*/true, path);
  llvm::sys::path::append(path, name);
  return path.str().str();
}

llvm::Expected<std::string> makeTemporaryFile(llvm::StringRef name, llvm::StringRef suffix) {
  std::string path = inTemporaryFolder(name) + ".XXXXXX" + suffix.str();
  const int descriptor = mkstemps(path.data(), static_cast<int>(suffix.size()));
  if (descriptor < 0)
    return fileError("make a temporary file '" + path + "'", lastError());
  close(descriptor);
  llvm::sys::RemoveFileOnSignal(path);
  return path;
}

llvm::Expected<std::string> makeTemporaryFolder(llvm::StringRef name) {
  return makeUniqueFolder(inTemporaryFolder(name));
}

} // namespace autopar
