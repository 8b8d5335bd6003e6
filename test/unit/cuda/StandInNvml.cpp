// NVML's part that programs ask, with one GPU of which a test says what it holds.

#include <unistd.h>

#include <cstring>

extern "C" {

/// What the test sets, found by dlsym as the functions are.
unsigned long long standInUsed = 0;          ///< of the GPU
unsigned long long standInOfProcess = ~0ULL; ///< of this process; all ones: not told
unsigned int standInOthers = 0;              ///< processes that are listed before it
bool standInListsUs = true;
int standInOpen = 0; ///< initialised, and not yet shut down

int nvmlInit_v2() {
  ++standInOpen;
  return 0;
}
int nvmlShutdown() {
  --standInOpen;
  return 0;
}

int nvmlDeviceGetHandleByUUID(const char *uuid, void **device) {
  if (std::strcmp(uuid, "GPU-00010203-0405-0607-0809-0a0b0c0d0eff") != 0)
    return 6; // not found
  *device = &standInUsed;
  return 0;
}

struct Memory {
  unsigned long long total, free, used;
};
int nvmlDeviceGetMemoryInfo(void *, Memory *memory) {
  *memory = {1000000, 1000000 - standInUsed, standInUsed};
  return 0;
}

struct Process {
  unsigned int pid;
  unsigned long long used;
  unsigned int gpuInstance, computeInstance;
};
int nvmlDeviceGetComputeRunningProcesses_v3(void *, unsigned int *count, Process *processes) {
  const unsigned int running = standInOthers + standInListsUs, room = *count;
  *count = running;
  if (running > room)
    return 7; // the list is too small
  for (unsigned int i = 0; i < standInOthers; ++i)
    processes[i] = {i + 1, 77, 0, 0};
  if (standInListsUs)
    processes[standInOthers] = {static_cast<unsigned int>(getpid()), standInOfProcess, 0, 0};
  return 0;
}
}
