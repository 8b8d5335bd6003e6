// The inputs of a step, as a program of this batch and image size would declare
// them.

#ifndef AUTOPAR_TEST_BATCHPORTS_H
#define AUTOPAR_TEST_BATCHPORTS_H

#include "autopar/core/Description.h"

#include <array>

class BatchPorts {
public:
  BatchPorts(int64_t batch, int64_t side, const autopar::Split &split)
      : imageBytes((batch * side * side * 3 * 4 + 63) / 64 * 64),
        labelBytes((batch * 4 + 63) / 64 * 64), ports{{{.name = "images",
                                       .type = autopar::DataType::F32,
                                       .shape = {batch, side, side, 3},
                                       .split = split},
                                      {.name = "labels",
                                       .type = autopar::DataType::I32,
                                       .shape = {batch},
                                       .split = split,
                                       .offset = imageBytes}}} {}

  autopar::EntryPoint entry() const { return {.inputs = ports}; }
  size_t arenaBytes() const {
    return (imageBytes + labelBytes) * (ports[0].next ? 2 : 1);
  }

  /// With room for the next step's.
  BatchPorts &withNext() {
    ports[0].next = imageBytes + labelBytes;
    ports[1].next = 2 * imageBytes + labelBytes;
    return *this;
  }

private:
  size_t imageBytes;
  size_t labelBytes;
  std::array<autopar::Port, 2> ports;
};

#endif // AUTOPAR_TEST_BATCHPORTS_H
