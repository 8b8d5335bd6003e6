// What torch.export wrote: an input that begins as JSON does is the graph alone, others are
// archives. What is accepted has a type for every name, and tensors of as many numbers as they
// say.
#include "File.h"

#include "compiler/import/Tensors.h"

using namespace autopar;

static void check(llvm::Expected<pt2::Program> program) {
  if (!program)
    return llvm::consumeError(program.takeError());
  fuzz::require(program->find(program->loss), "a loss without a type");
  for (const pt2::Node &node : program->nodes)
    for (const auto &[name, argument] : node.named)
      for (const std::string &tensor : argument.tensors)
        fuzz::require(tensor.empty() || program->find(tensor), "an argument without a type");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size > 0 && data[0] == '{') {
    check(pt2::readProgram(fuzz::text(data, size)));
    return 0;
  }
  llvm::Expected<pt2::Archive> archive = pt2::Archive::open(fuzz::file(data, size));
  if (!archive) {
    llvm::consumeError(archive.takeError());
    return 0;
  }
  check(pt2::readProgram(*archive));
  llvm::Expected<pt2::Tensors> tensors = pt2::Tensors::read(*archive);
  if (!tensors) {
    llvm::consumeError(tensors.takeError());
    return 0;
  }
  for (const auto &[name, tensor] : tensors->all()) {
    llvm::Expected<std::vector<double>> numbers = pt2::readNumbers(*archive, tensor);
    if (!numbers) {
      llvm::consumeError(numbers.takeError());
      continue;
    }
    size_t elements = 1;
    for (int64_t size : tensor.facts.sizes)
      elements *= size;
    fuzz::require(numbers->size() == elements, "numbers that are not the tensor's");
  }
  return 0;
}
