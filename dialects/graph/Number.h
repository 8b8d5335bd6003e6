// A real number as an attribute's parameter: hashed and compared bit by bit, printed with as few
// digits as read back the same (`0.1`, not `1.000000e-01`).
#ifndef AUTOPAR_DIALECTS_GRAPH_NUMBER_H
#define AUTOPAR_DIALECTS_GRAPH_NUMBER_H

#include "dialects/dist/Bounds.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/bit.h"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace autopar::graph {

struct Number {
  double value = 0;
  Number(double value = 0) : value(value) {}
  operator double() const { return value; }
  bool operator==(const Number &other) const {
    return llvm::bit_cast<uint64_t>(value) == llvm::bit_cast<uint64_t>(other.value);
  }
  friend llvm::hash_code hash_value(const Number &number) {
    return llvm::hash_value(llvm::bit_cast<uint64_t>(number.value));
  }
  /// Always with a point or an exponent, so that it reads back as a real number.
  std::string str() const {
    char text[40];
    for (int digits = 1; digits <= 17; ++digits) {
      std::snprintf(text, sizeof text, "%.*g", digits, value);
      if (std::strtod(text, nullptr) == value)
        break;
    }
    std::string number = text;
    size_t exponent = number.find('e');
    if (number.find('.') == std::string::npos && number.find_first_of("in") == std::string::npos)
      number.insert(exponent == std::string::npos ? number.size() : exponent, ".0");
    return number;
  }
};

inline mlir::AsmPrinter &operator<<(mlir::AsmPrinter &printer, const Number &number) {
  return printer << number.str();
}

/// A parameter of an attribute, and what it may be.
struct BoundedNumber {
  llvm::StringRef name;
  Number number;
  Bounds bounds;
};

/// Fails at the first number that is out of its bounds, as `momentum is -1.0; it must be …`.
inline llvm::LogicalResult
verifyNumbers(llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
              llvm::ArrayRef<BoundedNumber> numbers) {
  for (const auto &[name, number, bounds] : numbers)
    if (!isWithin(number.value, bounds))
      return emitError() << name << " is " << number.str() << "; it must be "
                         << toString(bounds);
  return mlir::success();
}

} // namespace autopar::graph

template <> struct mlir::FieldParser<autopar::graph::Number> {
  static FailureOr<autopar::graph::Number> parse(AsmParser &parser) {
    double value;
    if (parser.parseFloat(value))
      return failure();
    return autopar::graph::Number(value);
  }
};

#endif
