// What a GPU would have refused or done wrong, told at once.
#ifndef AUTOPAR_TEST_STANDIN_REPORT_H
#define AUTOPAR_TEST_STANDIN_REPORT_H

#include <string>

namespace standin {

/// Prints `what` and, where device code is running, its kernel, block and thread; then ends the
/// process with exit code 1, as what follows such a fault tells nothing.
[[noreturn]] void report(const std::string &what);

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_REPORT_H
