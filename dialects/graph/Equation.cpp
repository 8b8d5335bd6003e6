// See Equation.h.
#include "dialects/graph/Equation.h"

#include "llvm/ADT/StringExtras.h"

using llvm::StringRef;

namespace autopar::graph {

static llvm::Error refuse(StringRef text, const llvm::Twine &why) {
  return llvm::createStringError("the equation \"" + text + "\" " + why);
}

static llvm::Error checkTerm(StringRef text, StringRef term) {
  for (size_t i = 0; i < term.size(); ++i) {
    if (!llvm::isAlpha(term[i]))
      return refuse(text, "has '" + term.substr(i, 1) + "' where a letter names a dimension");
    if (term.find(term[i], i + 1) != StringRef::npos)
      return refuse(text, "has '" + term.substr(i, 1) + "' twice in \"" + term + "\"");
  }
  return llvm::Error::success();
}

llvm::Expected<Equation> Equation::parse(StringRef text) {
  auto [inputs, result] = text.split("->");
  auto [lhs, rhs] = inputs.split(',');
  if (text.count("->") != 1 || inputs.count(',') != 1)
    return refuse(text, "is not of the form \"mk,kn->mn\"");
  for (StringRef term : {lhs, rhs, result})
    if (llvm::Error error = checkTerm(text, term))
      return error;
  for (char letter : result)
    if (!lhs.contains(letter) && !rhs.contains(letter))
      return refuse(text, "has '" + llvm::Twine(letter) + "' in its result but in no input");
  for (auto [one, other] : {std::pair(lhs, rhs), std::pair(rhs, lhs)})
    for (char letter : one)
      if (!other.contains(letter) && !result.contains(letter))
        return refuse(text, "has '" + llvm::Twine(letter) +
                                "' in one input alone and not in its result; a sum over one "
                                "input is no contraction");
  return Equation{lhs.str(), rhs.str(), result.str()};
}

std::string Equation::letters() const {
  std::string all = result;
  for (char letter : lhs)
    if (isSummed(letter))
      all += letter;
  return all;
}

} // namespace autopar::graph
