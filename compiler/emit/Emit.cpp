// Writes the folder of an emitted program. See Emit.h.
#include "compiler/emit/Emit.h"

#include "compiler/emit/Constants.h"
#include "compiler/emit/Kernels.h"
#include "compiler/emit/ProgramForm.h"
#include "compiler/files/Files.h"
#include "compiler/files/Folder.h"
#include "compiler/files/Installed.h"
#include "dialects/rt/Rt.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

namespace autopar {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static constexpr llvm::StringLiteral programFile = "train_rank.cpp";

/// LIBRARIES stands for the runtime's, KERNELS for what compiles the program's own kernels,
/// CONSTANTS for what brings its numbers in.
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
KERNELSadd_executable(train_rank train_rank.cpp)
CONSTANTStarget_link_libraries(train_rank PRIVATE LIBRARIES)
# The program is a list of calls, with nothing in it to optimize; the work is in the libraries.
target_compile_options(train_rank PRIVATE -O0)
)";

/// They are compiled as the runtime's are.
static constexpr llvm::StringLiteral kernelsRule =
    "target_sources(autopar_cuda PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/kernels.cu)\n";

static constexpr llvm::StringLiteral constantsRule =
    R"(enable_language(ASM)
target_sources(train_rank PRIVATE constants.S)
set_source_files_properties(constants.S PROPERTIES OBJECT_DEPENDS
                            ${CMAKE_CURRENT_SOURCE_DIR}/constants.bin)
target_include_directories(train_rank PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
)";

static llvm::SmallString<128> joined(llvm::StringRef folder, const llvm::Twine &name) {
  llvm::SmallString<128> result(folder);
  path::append(result, name);
  return result;
}

static std::string runtimeSources() {
  return broughtFolder("share/autopar/runtime", AUTOPAR_RUNTIME_SOURCES);
}

static bool isSource(llvm::StringRef file) {
  return llvm::is_contained({".h", ".hpp", ".inc", ".cpp", ".cuh", ".cu", ".txt"},
                            path::extension(file));
}

/// Copies a folder's sources; with `nested`, its folders' as well.
static llvm::Error copySources(llvm::StringRef from, llvm::StringRef to, bool nested) {
  if (std::error_code error =
          fs::create_directories(to, /*IgnoreExisting=*/true, fs::perms(0755)))
    return fileError("make folder '" + to + "'", error);
  std::error_code error;
  for (fs::directory_iterator entry(from, error), end; !error && entry != end;
       entry.increment(error)) {
    llvm::SmallString<128> copy = joined(to, path::filename(entry->path()));
    if (nested && entry->type() == fs::file_type::directory_file) {
      if (llvm::Error failed = copySources(entry->path(), copy, nested))
        return failed;
    } else if (isSource(entry->path())) {
      if (std::error_code failed = fs::copy_file(entry->path(), copy))
        return fileError("copy '" + entry->path() + "'", failed);
    }
  }
  if (error)
    return fileError("read the runtime's sources in '" + from +
                         "', which every program carries with it",
                     error);
  return llvm::Error::success();
}

static llvm::Error copyRuntime(llvm::StringRef to, const emit::ProgramForm &form) {
  if (llvm::Error error = copySources(runtimeSources(), to, /*nested=*/false))
    return error;
  for (llvm::StringRef room : form.rooms)
    if (llvm::Error error = copySources(joined(runtimeSources(), room), joined(to, room),
                                        /*nested=*/true))
      return error;
  return copySources(joined(AUTOPAR_JSON_HEADERS, "nlohmann"),
                     joined(joined(to, "json"), "nlohmann"), /*nested=*/true);
}

/// Adds up digests of a folder's sources, in whatever order they come.
static void addSources(llvm::StringRef from, bool nested, uint64_t &digest) {
  std::error_code error;
  for (fs::directory_iterator entry(from, error), end; !error && entry != end;
       entry.increment(error)) {
    if (nested && entry->type() == fs::file_type::directory_file)
      addSources(entry->path(), nested, digest);
    else if (isSource(entry->path()))
      if (auto text = llvm::MemoryBuffer::getFile(entry->path(), /*IsText=*/false,
                                                  /*RequiresNullTerminator=*/false,
                                                  /*IsVolatile=*/true))
        digest += llvm::xxh3_64bits((*text)->getBuffer());
  }
}

static uint64_t runtimeDigest(const emit::ProgramForm &form) {
  uint64_t digest = 0;
  addSources(runtimeSources(), /*nested=*/false, digest);
  for (llvm::StringRef room : form.rooms)
    addSources(joined(runtimeSources(), room), /*nested=*/true, digest);
  return digest;
}

/// The text of the folder's CMakeLists.txt.
static std::string buildFileOf(const emit::ProgramForm &form, bool hasKernels,
                               bool hasConstants) {
  auto [head, behindKernels] = buildFile.split("KERNELS");
  auto [target, behindConstants] = behindKernels.split("CONSTANTS");
  auto [middle, tail] = behindConstants.split("LIBRARIES");
  return (head + (hasKernels ? kernelsRule : "") + target +
          (hasConstants ? constantsRule : "") + middle + llvm::join(form.topLibraries, " ") +
          tail)
      .str();
}

llvm::Error checkPlace(llvm::StringRef directory, llvm::StringRef binary) {
  if (llvm::Error error = checkReplaceable(directory))
    return error;
  return binary.empty() ? llvm::Error::success() : checkBuild(binary);
}

llvm::Error emitProgram(mlir::ModuleOp module, llvm::StringRef directory,
                        const EmitOptions &options) {
  EmitOptions withRuntime = options;
  if (const rt::Target *target = rt::targetOf(module))
    withRuntime.runtimeDigest = runtimeDigest(emit::programForm(target->name));
  llvm::Expected<std::string> text = programText(module, withRuntime);
  if (!text)
    return text.takeError();
  const emit::ProgramForm &form = emit::programForm(rt::targetOf(module)->name);
  return replaceFolder(directory, [&](llvm::StringRef folder) {
    if (llvm::Error error = writeFile(joined(folder, programFile), *text))
      return error;
    const emit::Kernels kernels(module);
    if (!kernels.empty()) {
      if (llvm::Error error = writeFile(joined(folder, emit::kernelsHeader), kernels.header()))
        return error;
      if (llvm::Error error = writeFile(joined(folder, emit::kernelsSource), kernels.source()))
        return error;
    }
    const emit::Constants constants{emit::VariableScope(module)};
    if (!constants.empty()) {
      if (llvm::Error error =
              writeFile(joined(folder, emit::constantsSource), emit::Constants::source()))
        return error;
      if (llvm::Error error = writeFile(joined(folder, emit::constantsFile), constants.file()))
        return error;
    }
    if (llvm::Error error =
            writeFile(joined(folder, "CMakeLists.txt"),
                      buildFileOf(form, !kernels.empty(), !constants.empty())))
      return error;
    return copyRuntime(joined(folder, "autopar"), form);
  });
}

} // namespace autopar
