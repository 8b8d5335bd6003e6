// See Literals.h.
#include "compiler/emit/Literals.h"

#include "dialects/graph/Number.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace autopar::emit {

static std::string braced(ArrayRef<std::string> items) {
  return "{" + llvm::join(items, ", ") + "}";
}

std::string list(ArrayRef<int64_t> values) {
  SmallVector<std::string> items;
  for (int64_t value : values)
    items.push_back(std::to_string(value));
  return braced(items);
}

std::string shape(Type type) { return list(cast<ShapedType>(type).getShape()); }

std::string real(double value) { return graph::Number(value).str(); }

std::string quoted(StringRef text) {
  std::string result = "\"";
  llvm::raw_string_ostream out(result);
  for (unsigned char c : text) {
    if (c == '"' || c == '\\')
      out << '\\' << c;
    else if (llvm::isPrint(c) || c >= 0x80)
      out << c;
    else
      out << '\\' << char('0' + c / 64) << char('0' + c / 8 % 8) << char('0' + c % 8);
  }
  return result + "\"";
}

StringRef elementType(Type type) {
  Type element = getElementTypeOrSelf(type);
  if (element.isF32())
    return "float";
  if (element.isF64())
    return "double";
  if (element.isBF16())
    return "cuda::bf16";
  if (element.isF16())
    return "cuda::f16";
  if (element.isInteger(64))
    return "int64_t";
  return element.isInteger(32) ? "int32_t" : "uint8_t";
}

StringRef dataType(Type type) {
  Type element = getElementTypeOrSelf(type);
  if (element.isF32())
    return "DataType::F32";
  if (element.isF64())
    return "DataType::F64";
  if (element.isBF16())
    return "DataType::BF16";
  if (element.isF16())
    return "DataType::F16";
  if (element.isInteger(64))
    return "DataType::I64";
  return element.isInteger(32) ? "DataType::I32" : "DataType::U8";
}

std::string split(const Spec &spec, int rank) {
  SmallVector<std::string> dims;
  for (int dim = 0; dim < rank; ++dim) {
    Axes axes = spec.splitAxes(dim);
    dims.push_back("AxisSet" + list(SmallVector<int64_t>(axes.begin(), axes.end())));
  }
  while (!dims.empty() && dims.back() == "AxisSet{}")
    dims.pop_back();
  return braced(dims);
}

} // namespace autopar::emit
