// What is evaluated on, batch after batch in the data's order; the last one is filled up with
// rows that count for nothing.

#ifndef AUTOPAR_CORE_TESTSOURCE_H
#define AUTOPAR_CORE_TESTSOURCE_H

#include <cstdint>

namespace autopar::inline runtime {

class TestSource {
public:
  virtual ~TestSource() = default;

  virtual int64_t batches() const = 0;

  /// All that counts, in the data's unit.
  virtual int64_t samples() const = 0;

  /// What the program divides a batch's loss by, however many of its rows count.
  virtual int64_t samplesPerBatch() const = 0;

  /// Writes this rank's share of a batch into the arena.
  virtual void load(int64_t batch) = 0;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_TESTSOURCE_H
