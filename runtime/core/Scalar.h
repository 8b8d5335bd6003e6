// One number of the arena, which the host writes or reads between steps.

#ifndef AUTOPAR_CORE_SCALAR_H
#define AUTOPAR_CORE_SCALAR_H

#include "autopar/core/Arena.h"
#include "autopar/core/Description.h"

#include <stdexcept>

namespace autopar::inline runtime {

class Scalar {
public:
  Scalar() = default;

  /// Throws std::invalid_argument unless `port`, which the program calls `name`, is an f32
  /// scalar.
  Scalar(Arena &arena, const Port *port, const char *name) {
    if (!port || port->type != DataType::F32 || !port->shape.empty())
      throw std::invalid_argument(std::string("the program has no f32 scalar ") + name);
    memory = &arena.memory();
    slice = arena.at<float>(port->offset, {});
  }

  /// A variable that is one.
  Scalar(Arena &arena, const Variable &variable) {
    const Port port = {.name = variable.name,
                       .type = variable.type,
                       .shape = variable.shape,
                       .offset = variable.offset};
    *this = Scalar(arena, &port, std::string(variable.name).c_str());
  }

  void write(float value) const { memory->write(slice, &value, sizeof value); }

  /// Waits for the step that computes it.
  float read() const {
    float value;
    memory->read(&value, slice, sizeof value);
    return value;
  }

  /// What it is now, to be asked for later.
  class Later {
  public:
    explicit Later(std::unique_ptr<Reading> reading) : reading(std::move(reading)) {}
    float get() const {
      float value;
      reading->get(&value);
      return value;
    }

  private:
    std::unique_ptr<Reading> reading;
  };
  Later readLater() const { return Later(memory->readLater(slice, sizeof(float))); }

private:
  Memory *memory = nullptr;
  float *slice = nullptr;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_SCALAR_H
