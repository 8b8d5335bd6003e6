// Changes of MLIR text that get past the parser more often than changed bytes do: a number becomes
// nonsense, a line is dropped, doubled or moved, a word takes another's place.
#ifndef AUTOPAR_TEST_FUZZ_CHANGETEXT_H
#define AUTOPAR_TEST_FUZZ_CHANGETEXT_H

#include <random>
#include <string>

namespace fuzz {

/// `text` with one to three changes that follow from `seed`.
std::string changeText(std::string text, unsigned seed);

} // namespace fuzz

#endif // AUTOPAR_TEST_FUZZ_CHANGETEXT_H
