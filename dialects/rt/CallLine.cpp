// See CallLine.h.
#include "dialects/rt/CallLine.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ErrorHandling.h"

namespace autopar::rt {

Line::operator Callee() const {
  const bool isTable = callee.form == CallForm::Table;
  auto require = [&](bool isInput, llvm::StringRef name) {
    const auto &ofRow = isInput ? callee.row.inputs : callee.row.outputs;
    if (isTable ? !llvm::is_contained(ofRow, name)
                : !(isInput ? callee.findInput(name) : callee.findOutput(name)))
      llvm::report_fatal_error("the table of calls names '" + name + "' of " + callee.name +
                               ", which has no such operand");
  };
  for (const Tie &tie : callee.ties) {
    require(/*isInput=*/false, tie.output);
    require(/*isInput=*/true, tie.input);
  }
  for (const Field &field : callee.fields)
    if (!field.ofInput.empty())
      require(/*isInput=*/true, field.ofInput);
  if (callee.update)
    for (llvm::StringRef input : {callee.update->parameter, callee.update->gradient})
      require(/*isInput=*/true, input);
  for (auto [index, name] : llvm::enumerate(elements))
    if (index >= callee.inputs.size() || callee.inputs[index].name != name)
      llvm::report_fatal_error(callee.name + " reads '" + name +
                               "' element by element, which is not its input " +
                               llvm::Twine(index));
  return callee;
}

} // namespace autopar::rt
