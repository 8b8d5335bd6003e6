// See Library.h. STANDIN_CUDNN_LIBRARY is the library's file.
#include "standin/cudnn/Library.h"

#include "standin/Report.h"

#include <dlfcn.h>

#include <string>

void *standin::cudnn::functionOfLibrary(const char *name) {
  // Its symbols stay its own: those of the same names in this program are the stand-in's.
  static void *const library = dlopen(STANDIN_CUDNN_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (!library)
    report(std::string("cuDNN cannot be loaded: ") + dlerror());
  void *const function = dlsym(library, name);
  if (!function)
    report(std::string("cuDNN has no ") + name);
  return function;
}
