#include "autopar/mpi/CheckMpi.h"

#include <stdexcept>
#include <string>

void autopar::checkMpi(int status, std::source_location where) {
  if (status == MPI_SUCCESS)
    return;
  char text[MPI_MAX_ERROR_STRING];
  int length = 0;
  MPI_Error_string(status, text, &length);
  throw std::runtime_error(std::string(where.file_name()) + ":" + std::to_string(where.line()) +
                           ": MPI: " + std::string(text, length));
}
