// Functions' names for reports.
#ifndef AUTOPAR_TEST_STANDIN_KERNELS_KERNELNAME_H
#define AUTOPAR_TEST_STANDIN_KERNELS_KERNELNAME_H

#include <string>

namespace standin {

/// As the program's own symbol table has it, demangled, static functions' too; "?" of a
/// stripped program.
std::string nameOfFunction(const void *function);

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_KERNELS_KERNELNAME_H
