// A device thread that can be left in the middle and gone on with: a stack of its own, and a
// switch that keeps no more than the calling convention asks for. (ucontext's also keeps the
// signal mask, which is a system call each time.)
#ifndef AUTOPAR_TEST_STANDIN_KERNELS_FIBER_H
#define AUTOPAR_TEST_STANDIN_KERNELS_FIBER_H

#include <cstddef>

namespace standin {

class Fiber {
public:
  /// Enough for a kernel's frame beside its arguments, 32 KiB at most.
  static constexpr size_t stackBytes = size_t(128) << 10;
  /// Frames of large arrays step over a page.
  static constexpr size_t guardBytes = size_t(64) << 10;

  /// `main` runs when the fiber is first resumed; it may return no sooner than never. \throws
  /// std::bad_alloc when there is no memory for a stack.
  explicit Fiber(void (*main)());
  ~Fiber();
  Fiber(const Fiber &) = delete;
  Fiber &operator=(const Fiber &) = delete;

  /// Goes on with the fiber until it leaves.
  void resume();

  /// Back to whoever resumed the fiber that calls this.
  void leave();

  const char *stack() const { return mapping + guardBytes; }

  /// Whether an address is right below the stack, where one that is too deep ends.
  bool isBelowStack(const void *address) const;

private:
  char *mapping = nullptr; ///< inaccessible pages, then the stack
  void *here = nullptr;    ///< the stack pointer while the fiber is left
  void *resumer = nullptr; ///< that of whoever resumed it
};

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_KERNELS_FIBER_H
