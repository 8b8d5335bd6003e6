// The real cuDNN, which makes plans without a GPU: it judges every descriptor and graph first.
#ifndef AUTOPAR_TEST_STANDIN_CUDNN_LIBRARY_H
#define AUTOPAR_TEST_STANDIN_CUDNN_LIBRARY_H

namespace standin::cudnn {

/// Its function of this name; reported where the library or the function is missing.
void *functionOfLibrary(const char *name);

/// real<&cudnnGetVersion>("cudnnGetVersion") is a function of the same type.
template <auto function> decltype(function) real(const char *name) {
  return reinterpret_cast<decltype(function)>(functionOfLibrary(name));
}

} // namespace standin::cudnn

/// Calls cuDNN's own function.
#define STANDIN_REAL(function) (standin::cudnn::real<&function>(#function))

#endif // AUTOPAR_TEST_STANDIN_CUDNN_LIBRARY_H
