// Writes the folder of an emitted program. See Emit.h.
#include "compiler/emit/Emit.h"

#include "compiler/emit/Folder.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace autopar {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;
using emit::fileError;

static constexpr llvm::StringLiteral programFile = "train_rank.cpp";

/// Rooms of the runtime that programs of the CPU target link.
static constexpr llvm::StringLiteral runtimeRooms[] = {"core", "mpi", "cpu"};

static constexpr llvm::StringLiteral buildFile =
    R"(# Builds the training program and the runtime beside it. Written by autopar.
cmake_minimum_required(VERSION 3.24)
project(train_rank LANGUAGES C CXX)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

add_subdirectory(autopar)
add_executable(train_rank train_rank.cpp)
target_link_libraries(train_rank PRIVATE autopar_core autopar_mpi autopar_cpu)
# The program is a list of calls, with nothing in it to optimize; the work is in the libraries.
target_compile_options(train_rank PRIVATE -O0)
)";

static llvm::SmallString<128> joined(llvm::StringRef folder, const llvm::Twine &name) {
  llvm::SmallString<128> result(folder);
  path::append(result, name);
  return result;
}

static llvm::Error writeFile(llvm::StringRef file, llvm::StringRef text) {
  std::error_code error;
  llvm::raw_fd_ostream out(file, error);
  if (error)
    return fileError("write '" + file + "'", error);
  out << text;
  out.close();
  if (out.has_error()) {
    error = out.error();
    out.clear_error();
    return fileError("write '" + file + "'", error);
  }
  return llvm::Error::success();
}

static llvm::Error copyFiles(llvm::StringRef from, llvm::StringRef to) {
  if (std::error_code error =
          fs::create_directories(to, /*IgnoreExisting=*/true, fs::perms(0755)))
    return fileError("make folder '" + to + "'", error);
  std::error_code error;
  for (fs::directory_iterator entry(from, error), end; !error && entry != end;
       entry.increment(error)) {
    llvm::StringRef extension = path::extension(entry->path());
    if (extension != ".h" && extension != ".cpp" && extension != ".txt")
      continue;
    llvm::SmallString<128> copy = joined(to, path::filename(entry->path()));
    if (std::error_code failed = fs::copy_file(entry->path(), copy))
      return fileError("copy '" + entry->path() + "'", failed);
  }
  if (error)
    return fileError("read the runtime's sources in '" + from +
                         "', which every program carries with it",
                     error);
  return llvm::Error::success();
}

static llvm::Error copyRuntime(llvm::StringRef to) {
  if (llvm::Error error = copyFiles(AUTOPAR_RUNTIME_SOURCES, to))
    return error;
  for (llvm::StringRef room : runtimeRooms)
    if (llvm::Error error = copyFiles(joined(AUTOPAR_RUNTIME_SOURCES, room), joined(to, room)))
      return error;
  return llvm::Error::success();
}

llvm::Error checkPlace(llvm::StringRef directory, bool build) {
  if (llvm::Error error = emit::checkReplaceable(directory, programFile))
    return error;
  return build ? emit::checkCompiler() : llvm::Error::success();
}

llvm::Error emitProgram(mlir::ModuleOp module, llvm::StringRef directory,
                        const EmitOptions &options) {
  llvm::Expected<std::string> text = programText(module, options);
  if (!text)
    return text.takeError();
  return emit::replaceFolder(directory, programFile, [&](llvm::StringRef folder) {
    if (llvm::Error error = writeFile(joined(folder, programFile), *text))
      return error;
    if (llvm::Error error = writeFile(joined(folder, "CMakeLists.txt"), buildFile))
      return error;
    return copyRuntime(joined(folder, "autopar"));
  });
}

} // namespace autopar
