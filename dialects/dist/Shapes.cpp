// See Shapes.h.
#include "dialects/dist/Shapes.h"

#include "dialects/dist/Limits.h"

#include "mlir/IR/Operation.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace autopar::dist {

std::optional<int64_t> elementsOf(ArrayRef<int64_t> shape) {
  int64_t elements = 1;
  for (int64_t size : shape)
    if (size < 1 || size > limits::size || llvm::MulOverflow(elements, size, elements) ||
        elements > limits::valueBytes)
      return std::nullopt;
  return elements;
}

std::string whyNoValue(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  if (!shaped)
    return "";
  std::string text;
  llvm::raw_string_ostream why(text);
  if (!shaped.hasStaticShape()) {
    why << "a dynamic shape; autopar plans memory to the byte, so every dimension must be a "
           "number";
    return text;
  }
  why << "a value of '" << type << "'; ";
  ArrayRef<int64_t> shape = shaped.getShape();
  Type element = shaped.getElementType();
  auto memory = dyn_cast<MemRefType>(type);
  if (static_cast<int64_t>(shape.size()) > limits::rank)
    why << "there are at most " << limits::rank << " dimensions";
  else if (!element.isIntOrFloat() || element.getIntOrFloatBitWidth() % 8 != 0 ||
           element.getIntOrFloatBitWidth() > 64)
    why << "elements are numbers of 8 to 64 bits";
  else if (memory && !memory.getLayout().isIdentity())
    why << "elements lie in row-major order, without a layout";
  else if (llvm::any_of(shape, [](int64_t size) { return size < 1 || size > limits::size; }))
    why << "every dimension is from 1 to " << limits::size;
  else if (std::optional<int64_t> elements = elementsOf(shape);
           !elements ||
           *elements > limits::valueBytes / (element.getIntOrFloatBitWidth() / 8))
    why << "it takes more than " << limits::valueBytes << " bytes, the most that is planned for";
  else
    return "";
  return text;
}

LogicalResult verifyValues(Operation *op) {
  for (TypeRange types : {TypeRange(op->getOperandTypes()), TypeRange(op->getResultTypes())})
    for (Type type : types)
      if (std::string why = whyNoValue(type); !why.empty())
        return op->emitOpError("has ") << why;
  return success();
}

} // namespace autopar::dist
