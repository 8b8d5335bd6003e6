// See Fiber.h.
#include "standin/kernels/Fiber.h"

#include <sys/mman.h>

#include <cstdint>
#include <new>

using standin::Fiber;

#ifndef __x86_64__
#error "the stand-in's fibers are written for x86-64"
#endif

/// Keeps what a callee must on this stack, its pointer in *leave, and goes on with the stack
/// `enter`, which was left in the same way.
extern "C" void standinSwitchStacks(void **leave, void *enter);

asm(R"(
        .text
        .p2align 4
        .globl standinSwitchStacks
        .type standinSwitchStacks, @function
standinSwitchStacks:
        pushq %rbp
        pushq %rbx
        pushq %r12
        pushq %r13
        pushq %r14
        pushq %r15
        movq %rsp, (%rdi)
        movq %rsi, %rsp
        popq %r15
        popq %r14
        popq %r13
        popq %r12
        popq %rbx
        popq %rbp
        ret
        .size standinSwitchStacks, .-standinSwitchStacks
)");

Fiber::Fiber(void (*main)()) {
  void *const memory = mmap(nullptr, guardBytes + stackBytes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    throw std::bad_alloc();
  mapping = static_cast<char *>(memory);
  mprotect(mapping, guardBytes, PROT_NONE);
  // As if main had been called (the stack is 8 off a multiple of 16 then) and had just left:
  // six registers, where to go on, and a return address that is never used.
  auto *top = reinterpret_cast<void **>(mapping + guardBytes + stackBytes);
  *--top = nullptr;
  *--top = reinterpret_cast<void *>(main);
  here = top - 6;
}

Fiber::~Fiber() { munmap(mapping, guardBytes + stackBytes); }

void Fiber::resume() { standinSwitchStacks(&resumer, here); }

void Fiber::leave() { standinSwitchStacks(&here, resumer); }

bool Fiber::isBelowStack(const void *address) const {
  const auto *const at = static_cast<const char *>(address);
  return at >= mapping && at < mapping + guardBytes;
}
