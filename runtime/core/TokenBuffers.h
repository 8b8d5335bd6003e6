// Where in the arena an entry point expects its text, and which rows and columns of the batch
// are this rank's: both the batch and the sequence may be split.

#ifndef AUTOPAR_CORE_TOKENBUFFERS_H
#define AUTOPAR_CORE_TOKENBUFFERS_H

#include "autopar/core/Place.h"
#include "autopar/core/Staging.h"
#include "autopar/core/TokenText.h"

#include <span>

namespace autopar::inline runtime {

class TokenBuffers {
public:
  /// Where a row has no text: tokens of 0, and labels of -1.
  static constexpr int64_t noText = -1;

  /// Finds "tokens" and "labels", i32 [batch, sequence] both. Throws std::invalid_argument when
  /// one is missing or of another type or shape.
  TokenBuffers(const EntryPoint &entry, const Place &place, Arena &arena);

  int64_t batch() const { return rows; }       ///< global
  int64_t sequence() const { return columns; } ///< global

  /// Row r shows `text` from starts[r] on; each token's label is the one that follows it. The
  /// buffers are left to be brought and flushed.
  void fill(std::span<const int64_t> starts, const TokenText &text) const;

  bool isApart() const { return tokens.data.isApart(); }
  void bring() const {
    tokens.data.bring();
    labels.data.bring();
  }
  void flush() const {
    tokens.data.flush();
    labels.data.flush();
  }

private:
  /// This rank's block of one of the two.
  struct Block {
    Staging<int32_t> data; ///< [rows, columns]
    int64_t firstRow = 0, rows = 0, firstColumn = 0, columns = 0;

    Block(const Port &port, const Place &place, Arena &arena);
    void fill(std::span<const int64_t> starts, const TokenText &text, int64_t shift,
              int32_t without) const;
  };

  int64_t rows, columns;
  Block tokens, labels;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_TOKENBUFFERS_H
