// A device model of this machine, by measuring a model's step on it:
//
//   autopar-profile resnet50.mlir --mesh 2 --out profile
//   autopar-compile resnet50.mlir --mesh 2 --device profile/device.json
//
// Exit code 1 for what cannot be compiled, built or run.
#include "compiler/driver/Front.h"
#include "compiler/experiments/CommandLine.h"
#include "compiler/experiments/Profile.h"
#include "compiler/files/Files.h"

#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"

using namespace autopar;
namespace cl = llvm::cl;

static constexpr llvm::StringLiteral tool = "autopar-profile";

namespace {

struct CommandLine : ExperimentLine {
  TextOption model{cl::Positional, cl::Required, cl::desc("<model.mlir>"),
                   cl::cat(category)};
  TextOption name{"name", cl::desc("The device's name in the file (measured)"),
                  cl::init("measured"), cl::cat(category)};
  RunLine running{category};
};

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::ResetCommandLineParser();
  CommandLine line;
  cl::HideUnrelatedOptions(line.category);
  cl::ParseCommandLineOptions(argc, argv, "measures a device model\n");
  Front front(tool);
  llvm::Expected<CompileOptions> options = line.compileOptions(argc, argv);
  if (!options)
    return front.fail(options.takeError());
  if (line.output.empty())
    return front.fail(llvm::createStringError("give --out, a folder for device.json"));
  if (line.target != "cpu")
    return front.fail(llvm::createStringError(
        "--target " + line.target + ": only the cpu's calls can be timed one by one as yet"));
  const RunOptions run = line.running.runOptions();
  if (llvm::Error error = checkRun(llvm::cantFail(Mesh::parse(line.mesh)).numRanks(), run))
    return front.fail(std::move(error));

  mlir::OwningOpRef<mlir::ModuleOp> model = front.parse(line.model);
  if (!model)
    return 1;
  std::string name = Front::modelName(*model, line.model);
  std::unique_ptr<Compiler> compiler = Compiler::create(std::move(model), *options);
  if (!compiler)
    return 1;
  compiler->setTimeLimit(line.time / 3);
  mlir::FailureOr<Compilation> plan = compiler->plan();
  if (failed(plan))
    return 1;
  llvm::Expected<Profile> profile =
      measureProfile(*plan, compiler->options(), name, line.name, line.output, run);
  if (!profile)
    return front.fail(profile.takeError());

  llvm::SmallString<128> file(line.output.getValue());
  llvm::sys::path::append(file, "device.json");
  if (llvm::Error error = writeFile(
          file, [&](llvm::raw_ostream &out) { profile->device.write(out); }))
    return front.fail(std::move(error));
  printProfile(*profile, llvm::outs());
  llvm::outs() << "written: " << file << ", for --device\n";
  return 0;
}
