// Random shapes and values: a seed a test, so that a failure can be repeated.
#ifndef AUTOPAR_RUNTIME_CONFORMANCE_RANDOM_H
#define AUTOPAR_RUNTIME_CONFORMANCE_RANDOM_H

#include <cstdint>
#include <initializer_list>
#include <random>
#include <vector>

namespace autopar::conformance {

class Random {
public:
  explicit Random(uint32_t seed) : generator(seed) {}

  /// A number from `least` to `most`, both included.
  int64_t number(int64_t least, int64_t most) {
    return std::uniform_int_distribution<int64_t>(least, most)(generator);
  }
  bool coin() { return number(0, 1) == 1; }
  template <class T> T pick(std::initializer_list<T> values) {
    return values.begin()[number(0, values.size() - 1)];
  }

  std::vector<float> normal(size_t count, float mean = 0, float deviation = 1) {
    std::normal_distribution<float> distribution(mean, deviation);
    std::vector<float> values(count);
    for (float &value : values)
      value = distribution(generator);
    return values;
  }

private:
  std::mt19937 generator;
};

} // namespace autopar::conformance

#endif // AUTOPAR_RUNTIME_CONFORMANCE_RANDOM_H
