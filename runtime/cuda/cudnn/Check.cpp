// See Check.h.
#include "autopar/cuda/cudnn/Check.h"

#include <string>

void autopar::cuda::check(cudnnStatus_t status, std::source_location where) {
  if (status == CUDNN_STATUS_SUCCESS)
    return;
  char detail[512] = "";
  cudnnGetLastErrorString(detail, sizeof detail);
  fail("cuDNN", std::string(cudnnGetErrorString(status)) + (*detail ? ": " : "") + detail,
       where);
}
