// What all dialects ask of their operands and attributes: values whose bytes can be counted, and
// numbers within bounds. An attribute's declaration says what it may be, so that no verifier has
// to remember to ask.

#ifndef AUTOPAR_CONSTRAINTS_TD
#define AUTOPAR_CONSTRAINTS_TD

include "mlir/IR/OpBase.td"

/// Every operand and result has a shape known at compile time, within the limits. Verified before
/// anything else of an operation is.
def StaticShapes : NativeOpTrait<"StaticShapes">, StructuralOpTrait {
  let cppNamespace = "::autopar::dist";
}

/// A whole number that reads with its sign. (I64Attr reads without: there -1 passes every lower
/// bound.)
def Integer : TypedSignlessIntegerAttrBase<I64, "int64_t", "whole number"> {
  let convertFromStorage = "$_self.getInt()";
}
class Within<string least, string most> : AttrConstraint<
    CPred<"::autopar::isWithin($_self, " # least # ", " # most # ")">,
    "{{::autopar::whatIsWanted($_self, " # least # ", " # most # ")}} here">;

class IntegerFrom<string least, string most> : ConfinedAttr<Integer, [Within<least, most>]>;
/// What a mean is taken over.
def Count : IntegerFrom<"1", "::autopar::limits::count">;
/// Of a dimension or a part of one.
def Size : IntegerFrom<"1", "::autopar::limits::size">;
/// Where in a dimension something begins, or which dimension is meant.
def Place : IntegerFrom<"0", "::autopar::limits::size">;
/// A call of a function, by number.
def Moment : IntegerFrom<"0", "::autopar::limits::size">;
def Bytes : IntegerFrom<"0", "::autopar::limits::programBytes">;

class IntegersFrom<string least>
    : ConfinedAttr<DenseI64ArrayAttr, [Within<least, "::autopar::limits::size">]>;
/// Strides, dilations, a window, a shape.
def Sizes : IntegersFrom<"1">;
/// Paddings; which dimensions are meant.
def Places : IntegersFrom<"0">;

class RealWithin<string bounds> : ConfinedAttr<F64Attr, [AttrConstraint<
    CPred<"::autopar::isWithin($_self, ::autopar::Bounds::" # bounds # ")">,
    "{{::autopar::whatIsWanted($_self, ::autopar::Bounds::" # bounds # ")}} here">]>;
def Real : RealWithin<"Finite">;
def RealAtLeastZero : RealWithin<"AtLeastZero">;
def RealAboveZero : RealWithin<"AboveZero">;
def RealBelowOne : RealWithin<"BelowOne">;
def Share : RealWithin<"Share">;

#endif
