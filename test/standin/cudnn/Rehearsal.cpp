// See Rehearsal.h.
#include "standin/cudnn/Rehearsal.h"

#include <cstdlib>

using standin::cudnn::Rehearsal;

static int64_t numberIn(const char *variable) {
  const char *const text = std::getenv(variable);
  return text ? std::strtoll(text, nullptr, 10) : 0;
}

Rehearsal &standin::cudnn::rehearsal() {
  static Rehearsal ofProcess{numberIn("STANDIN_CUDNN_REFUSES"),
                             numberIn("STANDIN_CUDNN_FAILS")};
  return ofProcess;
}
