// A CUDA driver that drives nothing, for machines without one. Some of cuDNN's engines,
// attention's among them, are made while a plan is, and cuDNN offers them only where there is a
// driver to load what it makes. This one takes whatever it is given; nothing can run on it.
#include <cuda.h>

extern "C" {

static int anything;

CUresult cuInit(unsigned) { return CUDA_SUCCESS; }
CUresult cuDriverGetVersion(int *version) {
  *version = CUDA_VERSION;
  return CUDA_SUCCESS;
}
CUresult cuDeviceGetCount(int *count) {
  *count = 1;
  return CUDA_SUCCESS;
}
CUresult cuGetExportTable(const void **, const CUuuid *) { return CUDA_ERROR_NOT_SUPPORTED; }
CUresult cuLibraryLoadData(CUlibrary *library, const void *, CUjit_option *, void **, unsigned,
                           CUlibraryOption *, void **, unsigned) {
  *library = reinterpret_cast<CUlibrary>(&anything);
  return CUDA_SUCCESS;
}
CUresult cuLibraryGetKernel(CUkernel *kernel, CUlibrary, const char *) {
  *kernel = reinterpret_cast<CUkernel>(&anything);
  return CUDA_SUCCESS;
}
CUresult cuLibraryUnload(CUlibrary) { return CUDA_SUCCESS; }

// What cuDNN looks up as well, and does not call to make a plan.
#undef cuLinkAddData
#undef cuLinkCreate
#define LOOKED_UP(name)                                                                        \
  CUresult name##LookedUp() __asm__(#name);                                                    \
  CUresult name##LookedUp() { return CUDA_ERROR_NOT_SUPPORTED; }

LOOKED_UP(cuCtxGetCurrent)
LOOKED_UP(cuCtxGetDevice)
LOOKED_UP(cuCtxGetLimit)
LOOKED_UP(cuCtxPopCurrent)
LOOKED_UP(cuCtxPushCurrent)
LOOKED_UP(cuDeviceGet)
LOOKED_UP(cuDeviceGetAttribute)
LOOKED_UP(cuGetErrorName)
LOOKED_UP(cuGetErrorString)
LOOKED_UP(cuKernelGetAttribute)
LOOKED_UP(cuKernelSetAttribute)
LOOKED_UP(cuLaunchCooperativeKernel)
LOOKED_UP(cuLaunchKernel)
LOOKED_UP(cuLaunchKernelEx)
LOOKED_UP(cuLibraryLoadFromFile)
LOOKED_UP(cuLinkAddData)
LOOKED_UP(cuLinkComplete)
LOOKED_UP(cuLinkCreate)
LOOKED_UP(cuLinkDestroy)
LOOKED_UP(cuOccupancyMaxPotentialClusterSize)
LOOKED_UP(cuStreamGetCtx)
}
