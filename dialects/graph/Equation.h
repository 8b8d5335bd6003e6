// The equation of a contraction: "btc,cqhd->btqhd". A letter names a dimension; letters that
// the result lacks are summed over. Plain text, shared by graph.einsum and those who lower it.
#ifndef AUTOPAR_DIALECTS_GRAPH_EQUATION_H
#define AUTOPAR_DIALECTS_GRAPH_EQUATION_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace autopar::graph {

struct Equation {
  /// Letters of the dimensions of the two inputs and of the result, in order.
  std::string lhs, rhs, result;

  /// Reads "lhs,rhs->result". Refuses what is no contraction: a letter twice in one term, a
  /// letter of the result that no input has, a letter of one input alone that the result lacks.
  static llvm::Expected<Equation> parse(llvm::StringRef text);

  std::string str() const { return lhs + "," + rhs + "->" + result; }
  /// Every letter once: the result's, then those summed over in the order of `lhs`.
  std::string letters() const;
  bool isSummed(char letter) const { return result.find(letter) == std::string::npos; }

  /// The equation of the gradient by an input, from the result's gradient and the other input:
  /// (dy, rhs) -> dlhs and (lhs, dy) -> drhs.
  Equation gradientOfLhs() const { return {result, rhs, lhs}; }
  Equation gradientOfRhs() const { return {lhs, result, rhs}; }
};

} // namespace autopar::graph

#endif
