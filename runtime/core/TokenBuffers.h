// Where in the arena an entry point expects its text, and which rows and columns of the batch
// are this rank's: both the batch and the sequence may be split.

#ifndef AUTOPAR_CORE_TOKENBUFFERS_H
#define AUTOPAR_CORE_TOKENBUFFERS_H

#include "autopar/core/Place.h"
#include "autopar/core/Staging.h"
#include "autopar/core/TokenText.h"

#include <span>
#include <vector>

namespace autopar::inline runtime {

class TokenBuffers {
public:
  /// Where a row has no text: tokens of 0, and labels of -1.
  static constexpr int64_t noText = -1;

  /// Finds "tokens", and "labels" or "token_labels" where the program reads them, i32
  /// [batch, sequence] all. Throws std::invalid_argument when tokens are missing, or one is of
  /// another type or shape.
  TokenBuffers(const EntryPoint &entry, const Place &place, Arena &arena);

  int64_t batch() const { return rows; }       ///< global
  int64_t sequence() const { return columns; } ///< global

  /// Whether rows without text can be told from others.
  bool hasLabels() const { return blocks.size() > 1; }

  /// Row r shows `text` from starts[r] on; each token's label is the one that follows it, a
  /// token label the token itself. The buffers are left to be brought and flushed.
  void fill(std::span<const int64_t> starts, const TokenText &text) const;

  bool isApart() const { return blocks.front().data.isApart(); }
  void bring() const {
    for (const Block &block : blocks)
      block.data.bring();
  }
  void flush() const {
    for (const Block &block : blocks)
      block.data.flush();
  }

private:
  /// What an input is filled with.
  struct Kind {
    const char *name;
    int64_t shift;   ///< how far behind the token it lies in the text
    int32_t without; ///< where a row has no text
  };
  static constexpr Kind kinds[] = {{"tokens", 0, 0}, {"labels", 1, -1}, {"token_labels", 0, -1}};

  /// This rank's block of one of them.
  struct Block {
    Kind kind;
    Staging<int32_t> data; ///< [rows, columns]
    int64_t firstRow = 0, rows = 0, firstColumn = 0, columns = 0;

    Block(const Kind &kind, const Port &port, const Place &place, Arena &arena);
    void fill(std::span<const int64_t> starts, const TokenText &text) const;
  };

  int64_t rows, columns;
  std::vector<Block> blocks; ///< the tokens', and those of labels that there are
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_TOKENBUFFERS_H
