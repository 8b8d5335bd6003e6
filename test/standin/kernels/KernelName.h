// Functions' names for reports.
#ifndef AUTOPAR_TEST_STANDIN_KERNELS_KERNELNAME_H
#define AUTOPAR_TEST_STANDIN_KERNELS_KERNELNAME_H

#include <string>

namespace standin {

/// As the program's own symbol table has it, demangled, static functions' too; "?" of a
/// stripped program.
std::string nameOfFunction(const void *function);

/// Of the variable that holds the address, likewise.
std::string nameOfObject(const void *address);

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_KERNELS_KERNELNAME_H
