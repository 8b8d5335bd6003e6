// Operands of the calls under test. Each lies between guards, so that a call that writes beside
// its result is caught, and starts as NaNs, so that one that leaves a hole is too.
#ifndef AUTOPAR_RUNTIME_CONFORMANCE_TENSOR_H
#define AUTOPAR_RUNTIME_CONFORMANCE_TENSOR_H

#include "Target.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace autopar::conformance {

class GuardedMemory {
public:
  explicit GuardedMemory(size_t bytes)
      : bytes(bytes), image(guardBytes + bytes + guardBytes, poison), memory(image.size()) {
    memory.write(image.data(), image.size());
  }

  void *data() const { return memory.data() + guardBytes; }

  void write(const void *from) {
    std::memcpy(image.data() + guardBytes, from, bytes);
    memory.write(image.data(), image.size());
  }

  void read(void *to) const {
    expectGuards();
    if (bytes)
      memory.read(to, guardBytes, bytes);
  }

  /// Fails the test when something was written around it.
  void expectGuards() const {
    EXPECT_TRUE(isGuard(0)) << "written before the first byte";
    EXPECT_TRUE(isGuard(guardBytes + bytes)) << "written after the last byte";
  }

private:
  bool isGuard(size_t at) const {
    std::byte now[guardBytes];
    memory.read(now, at, guardBytes);
    return std::ranges::all_of(now, [](std::byte byte) { return byte == poison; });
  }

  static constexpr size_t guardBytes = 4 * sliceAlignment;
  static constexpr std::byte poison{0xff}; // A NaN in f32 and f64, -1 in i32.

  size_t bytes;
  std::vector<std::byte> image;
  TargetMemory memory;
};

template <class T> class Tensor {
public:
  /// A result.
  explicit Tensor(size_t count) : count(count), memory(count * sizeof(T)) {}

  /// An operand.
  explicit Tensor(const std::vector<T> &values) : Tensor(values.size()) {
    memory.write(values.data());
  }

  T *data() const { return static_cast<T *>(memory.data()); }

  void expectGuards() const { memory.expectGuards(); }

  /// What is there now; fails the test when something was written around it.
  std::vector<T> values() const {
    std::vector<T> result(count);
    memory.read(result.data());
    return result;
  }

private:
  size_t count;
  GuardedMemory memory;
};

/// Runs `call` on the operands; where it takes a workspace, with one of exactly the bytes it
/// asked for, and after checking that it refuses one byte less.
template <class Call, class... Operands>
void run(const Call &call, const Operands &...operands) {
  if constexpr (requires { call.workspaceBytes(); }) {
    const size_t bytes = call.workspaceBytes();
    if (bytes > 0 && refusesLessWorkspace<Call>) {
      EXPECT_THROW(call.requireWorkspace(bytes - 1), std::runtime_error);
    }
    call.requireWorkspace(bytes);
    Tensor<std::byte> workspace(bytes);
    launch(call, operands.data()..., workspace.data());
    workspace.expectGuards(); // alone: it may be large
  } else {
    launch(call, operands.data()...);
  }
}

/// The same for a call on a list of operands.
template <class Call, class Result, class T, class... Others>
void runOnList(const Call &call, const Result &result, const Tensor<T> &first,
               const Others &...others) {
  launchOnList<Call, T>(call, {first.data(), others.data()...}, result.data());
}

/// Checks that the largest error is below `tolerance` times the largest of the expected values.
/// Where these are what is left of larger `terms` that cancel, the size of the terms counts.
template <class T>
void expectClose(const Tensor<T> &tensor, const std::vector<double> &expected,
                 double tolerance = 1e-5, double terms = 0) {
  const std::vector<T> actual = tensor.values();
  ASSERT_EQ(actual.size(), expected.size());
  double magnitude = terms;
  for (double value : expected)
    magnitude = std::max(magnitude, std::abs(value));
  for (size_t i = 0; i < expected.size(); ++i)
    ASSERT_LE(std::abs(actual[i] - expected[i]), tolerance * magnitude)
        << "element " << i << " of " << expected.size() << " is " << actual[i] << ", expected "
        << expected[i];
}

} // namespace autopar::conformance

#endif // AUTOPAR_RUNTIME_CONFORMANCE_TENSOR_H
