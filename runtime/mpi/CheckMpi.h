// MPI calls return a status that nobody may drop: checkMpi turns a bad one into
// an exception that says which line of which file made the call.

#ifndef AUTOPAR_MPI_CHECKMPI_H
#define AUTOPAR_MPI_CHECKMPI_H

#include <mpi.h>

#include <source_location>

namespace autopar::inline runtime {

/// Throws std::runtime_error "FILE:LINE: MPI: what MPI says" unless `status` is
/// MPI_SUCCESS.
void checkMpi(int status, std::source_location where = std::source_location::current());

} // namespace autopar::inline runtime

#endif // AUTOPAR_MPI_CHECKMPI_H
