// Kernels are compiled with -fsanitize=thread,alignment, and linked without the libraries that
// belong to it: these are the functions that a compiler then calls at each load and store, and
// where one is misaligned. (The processor would not tell: without vectors, 16 bytes are four
// times four.)
#include "standin/Report.h"
#include "standin/checks/KernelMemory.h"

#include <cstdint>
#include <cstring>
#include <string>

using standin::Use;

static bool isCompiledIn = false;

bool standin::canWatch() { return isCompiledIn; }

static inline void note(const void *address, size_t bytes, Use use) {
  if (standin::isWatching) [[unlikely]]
    standin::touch(address, bytes, use);
}

/// As compilers lay them out for UBSan's library.
struct Type {
  uint16_t kind, info;
  char name[];
};
struct Misalignment {
  const char *file;
  uint32_t line, column;
  const Type *type;
  unsigned char logAlignment, kind;
};

[[noreturn]] static void reportMisaligned(const Misalignment &at) {
  standin::report(std::string("an access to ") + at.type->name + " at " + at.file + ":" +
                  std::to_string(at.line) +
                  ", to address 0 or to one that is no multiple of the " +
                  std::to_string(1u << at.logAlignment) + " bytes that it wants");
}

extern "C" {

/// By constructors of files that are compiled so.
void __tsan_init() { isCompiledIn = true; }
void __tsan_func_entry(void *) {}
void __tsan_func_exit() {}

#define ACCESSES(bytes)                                                                        \
  void __tsan_read##bytes(void *address) { note(address, bytes, Use::Read); }                  \
  void __tsan_write##bytes(void *address) { note(address, bytes, Use::Write); }                \
  void __tsan_unaligned_read##bytes(void *address) { note(address, bytes, Use::Read); }        \
  void __tsan_unaligned_write##bytes(void *address) { note(address, bytes, Use::Write); }      \
  void __tsan_volatile_read##bytes(void *address) { note(address, bytes, Use::Read); }         \
  void __tsan_volatile_write##bytes(void *address) { note(address, bytes, Use::Write); }       \
  void __tsan_read_write##bytes(void *address) {                                               \
    note(address, bytes, Use::Read);                                                           \
    note(address, bytes, Use::Write);                                                          \
  }
ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)

void __tsan_read_range(void *address, size_t bytes) { note(address, bytes, Use::Read); }
void __tsan_write_range(void *address, size_t bytes) { note(address, bytes, Use::Write); }
void __tsan_vptr_update(void **, void *) {}
void __tsan_vptr_read(void **) {}

void __ubsan_handle_type_mismatch_v1(Misalignment *at, uintptr_t) { reportMisaligned(*at); }
void __ubsan_handle_type_mismatch_v1_abort(Misalignment *at, uintptr_t) {
  reportMisaligned(*at);
}

// Clang's, in place of the functions of C.
void *__tsan_memcpy(void *to, const void *from, size_t bytes) {
  note(from, bytes, Use::Read);
  note(to, bytes, Use::Write);
  return std::memcpy(to, from, bytes);
}
void *__tsan_memmove(void *to, const void *from, size_t bytes) {
  note(from, bytes, Use::Read);
  note(to, bytes, Use::Write);
  return std::memmove(to, from, bytes);
}
void *__tsan_memset(void *to, int value, size_t bytes) {
  note(to, bytes, Use::Write);
  return std::memset(to, value, bytes);
}

// Atomic operations are the host's: kernels have CUDA's (DeviceCode.h).
#define ATOMICS(bits, T)                                                                       \
  T __tsan_atomic##bits##_load(const volatile T *at, int) {                                    \
    return __atomic_load_n(at, __ATOMIC_SEQ_CST);                                              \
  }                                                                                            \
  void __tsan_atomic##bits##_store(volatile T *at, T value, int) {                             \
    __atomic_store_n(at, value, __ATOMIC_SEQ_CST);                                             \
  }                                                                                            \
  T __tsan_atomic##bits##_exchange(volatile T *at, T value, int) {                             \
    return __atomic_exchange_n(at, value, __ATOMIC_SEQ_CST);                                   \
  }                                                                                            \
  T __tsan_atomic##bits##_fetch_add(volatile T *at, T value, int) {                            \
    return __atomic_fetch_add(at, value, __ATOMIC_SEQ_CST);                                    \
  }                                                                                            \
  T __tsan_atomic##bits##_fetch_sub(volatile T *at, T value, int) {                            \
    return __atomic_fetch_sub(at, value, __ATOMIC_SEQ_CST);                                    \
  }                                                                                            \
  int __tsan_atomic##bits##_compare_exchange_strong(volatile T *at, T *expected, T value, int, \
                                                    int) {                                     \
    return __atomic_compare_exchange_n(at, expected, value, false, __ATOMIC_SEQ_CST,           \
                                       __ATOMIC_SEQ_CST);                                      \
  }                                                                                            \
  int __tsan_atomic##bits##_compare_exchange_weak(volatile T *at, T *expected, T value,        \
                                                  int order, int other) {                      \
    return __tsan_atomic##bits##_compare_exchange_strong(at, expected, value, order, other);   \
  }
ATOMICS(8, uint8_t)
ATOMICS(16, uint16_t)
ATOMICS(32, uint32_t)
ATOMICS(64, uint64_t)
void __tsan_atomic_thread_fence(int) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
}
