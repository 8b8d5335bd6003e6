// What a device may do to a program's plans, so that programs can be seen to live with it.
#ifndef AUTOPAR_TEST_STANDIN_CUDNN_REHEARSAL_H
#define AUTOPAR_TEST_STANDIN_CUDNN_REHEARSAL_H

#include <cstdint>

namespace standin::cudnn {

struct Rehearsal {
  /// Of each graph, as many of the first plans that a program makes cannot be finalized:
  /// STANDIN_CUDNN_REFUSES in the environment.
  int64_t refuses = 0;
  /// As many of them cannot be executed: STANDIN_CUDNN_FAILS.
  int64_t fails = 0;
};

/// This process's, which a test may change.
Rehearsal &rehearsal();

} // namespace standin::cudnn

#endif // AUTOPAR_TEST_STANDIN_CUDNN_REHEARSAL_H
