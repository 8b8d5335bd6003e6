// From an emitted folder to a binary. See buildProgram in Emit.h.
#include "compiler/emit/Emit.h"

#include "compiler/emit/Constants.h"
#include "compiler/emit/Kernels.h"
#include "compiler/emit/ProgramForm.h"
#include "compiler/files/Files.h"
#include "compiler/files/Folder.h"
#include "compiler/files/Installed.h"

#include "autopar/core/ProgramMark.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"

namespace autopar {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

/// Debian's packages of what programs link, by what a linker or compiler misses.
static constexpr std::pair<llvm::StringLiteral, llvm::StringLiteral> packages[] = {
    {"-ldnnl", "libdnnl-dev"},
    {"mpi.h", "libopenmpi-dev"},
    {"-lmpi", "libopenmpi-dev"},
    {"-lgomp", "gcc"},
    {"dnnl.hpp", "libdnnl-dev"},
    {"oneDNN not found", "libdnnl-dev"},
    {"Could NOT find MPI", "libopenmpi-dev"},
    {"nlohmann_json", "nlohmann-json3-dev"},
};

static llvm::Expected<std::string> findTool(llvm::StringRef name, const llvm::Twine &wayOut) {
  if (llvm::ErrorOr<std::string> found = llvm::sys::findProgramByName(name))
    return *found;
  return llvm::createStringError("'" + name + "' is not found; " + wayOut);
}

static std::string compilerName() {
  std::string name = llvm::sys::Process::GetEnv("CXX").value_or("");
  return llvm::StringRef(name).trim().empty() ? "g++" : name;
}

/// What a tool printed, as an error: the package that is missing where it is a known one, and
/// the last lines.
static llvm::Error toolError(llvm::StringRef doing, llvm::StringRef log) {
  std::string message = (doing + " failed").str();
  for (auto [missing, package] : packages)
    if (log.contains(missing)) {
      message += " for want of " + package.str() + "; install it (apt-get install " +
                 package.str() + ")";
      break;
    }
  constexpr size_t shown = 2000;
  if (log.size() > shown)
    log = log.take_back(shown).split('\n').second;
  return llvm::createStringError(message + "\n" + log.rtrim().str());
}

/// Runs a tool to its end; an error holds what it printed.
static llvm::Error runTool(llvm::StringRef doing, llvm::StringRef tool,
                           llvm::ArrayRef<std::string> arguments,
                           std::optional<llvm::ArrayRef<llvm::StringRef>> environment = {}) {
  llvm::Expected<std::string> log = makeTemporaryFile("autopar-build", ".log");
  if (!log)
    return log.takeError();
  auto remove = llvm::scope_exit([&] { (void)fs::remove(*log); });

  llvm::SmallVector<llvm::StringRef> words = {tool};
  llvm::append_range(words, arguments);
  std::optional<llvm::StringRef> redirects[] = {llvm::StringRef(""), llvm::StringRef(*log),
                                                llvm::StringRef(*log)};
  std::string message;
  int status = llvm::sys::ExecuteAndWait(tool, words, environment, redirects, /*seconds=*/0,
                                         /*memory=*/0, &message);
  if (status == 0)
    return llvm::Error::success();
  auto text = llvm::MemoryBuffer::getFile(*log);
  return toolError(doing, message + (text ? (*text)->getBuffer().str() : std::string()));
}

static std::string runtimeLibraries() {
  return broughtFolder("lib/autopar", AUTOPAR_RUNTIME_LIBRARIES);
}

static std::string builtLibrary(llvm::StringRef name) {
  llvm::SmallString<128> file(runtimeLibraries());
  path::append(file, "lib" + name + ".a");
  return file.str().str();
}

static bool haveBuiltRuntime(const emit::ProgramForm &form) {
  return llvm::all_of(form.libraries,
                      [](llvm::StringRef name) { return fs::exists(builtLibrary(name)); });
}

extern "C" char **environ;

/// The program's own kernels, compiled as the runtime's are. In their folder, as nvcc has a shell read
/// the names that it is given: a quote or a dollar of the folder's would mean something there.
static llvm::Error compileKernels(llvm::StringRef directory, llvm::StringRef object) {
  llvm::Expected<std::string> env = findTool("env", "install coreutils");
  if (!env)
    return env.takeError();
  llvm::SmallVector<llvm::StringRef> options;
  llvm::StringRef(AUTOPAR_CUDA_OPTIONS).split(options, ' ');
  llvm::SmallVector<std::string> arguments = {
      "-C",  directory.str(), AUTOPAR_CUDA_COMPILER, "-std=c++20", "-O3", "-ccbin",
      compilerName(), "-I", "."};
  for (llvm::StringRef option : options)
    arguments.push_back(option.str());
  arguments.append({"-c", emit::kernelsSource.str(), "-o", object.str()});
  return runTool(("compiling " + emit::kernelsSource + " in " + directory).str(), *env, arguments);
}

/// One run of the compiler, through MPI's wrapper, against the libraries of our own build; and
/// one of nvcc where the program has kernels of its own.
static llvm::Error linkBuiltRuntime(const emit::ProgramForm &form, llvm::StringRef directory,
                                    llvm::StringRef output) {
  llvm::Expected<std::string> wrapper =
      findTool("mpicxx", "install libopenmpi-dev, which brings it");
  if (!wrapper)
    return wrapper.takeError();
  std::string wrapped = "OMPI_CXX=" + compilerName();
  llvm::SmallVector<llvm::StringRef> environment = {wrapped};
  for (char **variable = environ; *variable; ++variable)
    if (!llvm::StringRef(*variable).starts_with("OMPI_CXX="))
      environment.push_back(*variable);

  llvm::SmallString<128> source(directory);
  path::append(source, "train_rank.cpp");
  llvm::SmallVector<std::string> arguments = {
      "-std=c++20", "-O0", "-fopenmp", "-I", directory.str(), source.str().str()};
  llvm::SmallVector<llvm::StringRef> options;
  llvm::StringRef(AUTOPAR_PROGRAM_OPTIONS).split(options, ' ', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef option : options)
    arguments.push_back(option.str());
  llvm::SmallString<128> constants(directory);
  path::append(constants, emit::constantsSource);
  if (fs::exists(constants))
    arguments.push_back(constants.str().str());
  llvm::SmallString<128> kernels(directory);
  path::append(kernels, emit::kernelsSource);
  std::string object;
  auto remove =
      llvm::scope_exit([&] { (void)fs::remove(object); }); // nothing where there is none
  if (fs::exists(kernels)) {
    llvm::Expected<std::string> made = makeTemporaryFile("autopar-kernels", ".o");
    if (!made)
      return made.takeError();
    object = *made;
    if (llvm::Error error = compileKernels(directory, object))
      return error;
    arguments.push_back(object);
  }
  for (llvm::StringRef library : form.libraries)
    arguments.push_back(builtLibrary(library));
  for (llvm::StringRef option : form.linkOptions)
    arguments.push_back(option.str());
  arguments.append({"-o", output.str()});
  return runTool("compiling " + source.str().str(), *wrapper, arguments,
                 llvm::ArrayRef<llvm::StringRef>(environment));
}

static llvm::Error buildWithCMake(llvm::StringRef directory, llvm::StringRef output) {
  llvm::Expected<std::string> cmake = findTool(
      "cmake", "install cmake: the runtime has to be built first, its libraries are not in " +
                   runtimeLibraries());
  if (!cmake)
    return cmake.takeError();
  llvm::Expected<std::string> build = makeTemporaryFolder("autopar-build");
  if (!build)
    return build.takeError();
  auto remove = llvm::scope_exit([&] { (void)fs::remove_directories(*build); });
  if (llvm::Error error = runTool("configuring " + directory.str(), *cmake,
                                  {"-S", directory.str(), "-B", *build,
                                   "-DCMAKE_CXX_COMPILER=" + compilerName()}))
    return error;
  if (llvm::Error error =
          runTool("building " + directory.str(), *cmake,
                  {"--build", *build, "-j", "--target", "train_rank"}))
    return error;
  llvm::SmallString<128> made(*build);
  path::append(made, "train_rank");
  if (std::error_code error = fs::copy_file(made, output))
    return fileError("copy '" + made.str() + "'", error);
  return llvm::Error::success();
}

static llvm::Error checkCompiler() {
  std::string compiler = compilerName();
  llvm::StringRef program = llvm::StringRef(compiler).trim().split(' ').first;
  return findTool(program, "install g++, or name a C++ compiler in CXX").takeError();
}

/// Where the binary goes, behind all links; an error where something else than a program of ours
/// would be lost.
static llvm::Expected<std::string> placeOfBinary(llvm::StringRef binary) {
  llvm::Expected<std::string> place = placeOf(binary);
  if (!place || !fs::exists(*place))
    return place;
  auto old = llvm::MemoryBuffer::getFile(*place, /*IsText=*/false,
                                         /*RequiresNullTerminator=*/false);
  if (!old)
    return fileError("read '" + *place + "'", old.getError());
  if (!(*old)->getBuffer().contains(programMark))
    return llvm::createStringError("'" + binary + "' is no program that autopar has built; move it "
                                                  "away, or name another folder with -o");
  return place;
}

llvm::Error checkBuild(llvm::StringRef binary) {
  if (llvm::Error error = checkCompiler())
    return error;
  // Its folder may have to be made.
  llvm::StringRef folder = path::parent_path(binary);
  if (!folder.empty() && !fs::exists(folder))
    return llvm::Error::success();
  return placeOfBinary(binary).takeError();
}

llvm::Error buildProgram(llvm::StringRef directory, llvm::StringRef binary,
                         llvm::StringRef target) {
  const emit::ProgramForm &form = emit::programForm(target);
  if (llvm::Error error = checkCompiler())
    return error;
  // Absolute: a tool takes `-o.autopar` for an option.
  llvm::SmallString<128> folder(directory);
  if (std::error_code error = fs::make_absolute(folder))
    return fileError("find folder '" + directory + "'", error);
  llvm::Expected<std::string> place = placeOfBinary(binary);
  if (!place)
    return place.takeError();
  llvm::SmallString<128> absolute(*place);
  if (std::error_code error = fs::make_absolute(absolute))
    return fileError("find '" + binary + "'", error);
  llvm::Expected<std::string> fresh = makeUniqueFile(absolute);
  if (!fresh)
    return fresh.takeError();
  auto remove = llvm::scope_exit([&] { (void)fs::remove(*fresh); }); // unless it is in place
  {
    const FolderLock lock(folder); // of a program whose files belong together
    if (llvm::Error built = haveBuiltRuntime(form) ? linkBuiltRuntime(form, folder, *fresh)
                                                   : buildWithCMake(folder, *fresh))
      return built;
  }
  if (std::error_code error =
          fs::setPermissions(*fresh, static_cast<fs::perms>(0777 & ~fs::getUmask())))
    return fileError("make '" + *fresh + "' executable", error);
  if (std::error_code error = fs::rename(*fresh, absolute))
    return fileError("put '" + binary + "' in place", error);
  return llvm::Error::success();
}

} // namespace autopar
