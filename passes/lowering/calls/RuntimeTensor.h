// Types of the IR as the runtime's: shapes and data types.
#ifndef AUTOPAR_PASSES_LOWERING_CALLS_RUNTIMETENSOR_H
#define AUTOPAR_PASSES_LOWERING_CALLS_RUNTIMETENSOR_H

#include "autopar/core/DataType.h"
#include "autopar/core/Shape.h"

#include "mlir/IR/BuiltinTypes.h"

#include <optional>

namespace autopar {

/// None for an element type that the runtime does not have.
inline std::optional<DataType> dataTypeOf(mlir::Type type) {
  mlir::Type element = llvm::cast<mlir::ShapedType>(type).getElementType();
  if (element.isF32())
    return DataType::F32;
  if (element.isF64())
    return DataType::F64;
  if (element.isBF16())
    return DataType::BF16;
  if (element.isF16())
    return DataType::F16;
  if (element.isInteger(32))
    return DataType::I32;
  if (element.isInteger(8))
    return DataType::U8;
  return std::nullopt;
}

inline Shape runtimeShape(mlir::Type type) {
  Shape shape;
  for (int64_t size : llvm::cast<mlir::ShapedType>(type).getShape())
    shape.push_back(size);
  return shape;
}

} // namespace autopar

#endif
