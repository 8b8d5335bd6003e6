// What the processor refuses is a report that says whose access it was, and to what.
#ifndef AUTOPAR_TEST_STANDIN_DEVICE_MEMORYFAULTS_H
#define AUTOPAR_TEST_STANDIN_DEVICE_MEMORYFAULTS_H

namespace standin {

/// From here on, for the whole process. Faults that have nothing to do with the stand-in's
/// memory end the process as they would have.
void watchForMemoryFaults();

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_DEVICE_MEMORYFAULTS_H
