// See Constants.h.
#include "compiler/emit/Constants.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace autopar::emit {

/// Each begins where vectors of any processor may.
static constexpr size_t alignment = 64;

static DenseElementsAttr numbersOf(rt::SliceOp slice) {
  return dyn_cast_if_present<DenseElementsAttr>(slice->getAttr(rt::initAttrName));
}

bool isConstant(rt::SliceOp slice) { return bool(numbersOf(slice)); }

static void append(std::string &bytes, uint32_t word) {
  char little[sizeof word];
  llvm::support::endian::write32le(little, word);
  bytes.append(little, sizeof word);
}

Constants::Constants(const VariableScope &variables) {
  for (const Variable &variable : variables.variables()) {
    DenseElementsAttr numbers = numbersOf(variable.slice);
    if (!numbers)
      continue;
    bytes.resize(llvm::alignTo(bytes.size(), alignment));
    offsets[variable.slice] = bytes.size();
    if (numbers.getElementType().isF32())
      for (float number : numbers.getValues<float>())
        append(bytes, llvm::bit_cast<uint32_t>(number));
    else
      for (int32_t number : numbers.getValues<int32_t>())
        append(bytes, static_cast<uint32_t>(number));
  }
}

std::string Constants::source() {
  std::string text = "// The numbers that the model computes with and that never change.\n"
                     "  .section .rodata\n";
  text += "  .balign " + std::to_string(alignment) + "\n";
  text += ("  .global " + constantsSymbol + "\n" + constantsSymbol + ":\n").str();
  text += ("  .incbin \"" + constantsFile + "\"\n").str();
  text += "  .section .note.GNU-stack, \"\", @progbits\n";
  return text;
}

} // namespace autopar::emit
