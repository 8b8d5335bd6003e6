#include "autopar/core/Initialise.h"

#include "autopar/core/Philox.h"
#include "autopar/core/Shard.h"
#include "autopar/core/Staging.h"

#include <cmath>
#include <cstring>
#include <numbers>
#include <stdexcept>

using namespace autopar;

namespace {

float draw(const Initialiser &initialiser, const RandomStream &random, int64_t index) {
  if (initialiser.kind == Initialiser::Kind::Constant)
    return static_cast<float>(initialiser.value);
  const std::array<uint32_t, 4> words = random.bits(static_cast<uint64_t>(index));
  const double first = RandomStream::unit(words[0]);
  if (initialiser.kind == Initialiser::Kind::Uniform)
    return static_cast<float>(initialiser.value * (2 * first - 1));
  // Box and Muller's transform.
  const double angle = 2 * std::numbers::pi * RandomStream::unit(words[1]);
  return static_cast<float>(initialiser.value * std::sqrt(-2 * std::log(first)) *
                            std::cos(angle));
}

void requireBytes(const std::string &what, size_t planned, const Shape &shard, size_t width) {
  if (const size_t bytes = elements(shard) * width; bytes != planned)
    throw std::invalid_argument(what + " has " + std::to_string(planned) +
                                " bytes planned, but its shard " + toString(shard) +
                                " takes " + std::to_string(bytes));
}

} // namespace

void autopar::initialise(std::span<const Variable> variables, uint64_t seed, const Place &place,
                         Arena &arena) {
  for (const Variable &variable : variables) {
    const std::string name(variable.name);
    if (variable.type != DataType::F32)
      throw std::invalid_argument("variable " + name + " is " +
                                  std::string(nameOf(variable.type)) +
                                  "; only F32 can be initialised");
    const Shard shard(place, variable.shape, variable.split);
    requireBytes("variable " + name, variable.bytes, shard.shape(), sizeof(float));
    if (elements(variable.storedShape()) > elements(variable.shape))
      throw std::invalid_argument("variable " + name + " " + toString(variable.shape) +
                                  " is stored as " + toString(variable.stored) +
                                  ", which is more than it has");

    const Staging<float> staged(arena, variable.offset, shard.shape());
    float *const values = staged.data();
    const RandomStream random(seed, variable.name);
    const int64_t filled = elements(variable.storedShape()); // the rest is padding
    shard.forEachRun([&](int64_t global, int64_t local, int64_t count) {
#pragma omp parallel for schedule(static) if (count > 4096)
      for (int64_t i = 0; i < count; ++i)
        values[local + i] =
            global + i < filled ? draw(variable.initialiser, random, global + i) : 0;
    });
    staged.flush();
  }
}

void autopar::placeConstants(std::span<const Constant> constants, const Place &place,
                             Arena &arena) {
  for (const Constant &constant : constants) {
    const Shard shard(place, constant.shape, constant.split);
    const size_t width = bytesOf(constant.type);
    requireBytes("constant " + std::string(constant.name), constant.bytes, shard.shape(), width);
    const Staging<std::byte> staged(arena, constant.offset,
                                    {static_cast<int64_t>(constant.bytes)});
    shard.forEachRun([&](int64_t global, int64_t local, int64_t count) {
      std::memcpy(staged.data() + local * width, constant.numbers + global * width,
                  count * width);
    });
    staged.flush();
  }
}
