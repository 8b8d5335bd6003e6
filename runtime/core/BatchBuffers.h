// Where in the arena an entry point expects its batch, and which rows of the
// batch are this rank's.

#ifndef AUTOPAR_CORE_BATCHBUFFERS_H
#define AUTOPAR_CORE_BATCHBUFFERS_H

#include "autopar/core/PixelStaging.h"
#include "autopar/core/Place.h"
#include "autopar/core/Staging.h"

#include <optional>

namespace autopar::inline runtime {

/// Rows [begin, begin + count) of the global batch.
struct RowRange {
  int64_t begin = 0;
  int64_t count = 0;
  bool contains(int64_t row) const { return row >= begin && row < begin + count; }
};

struct BatchBuffers {
  int64_t batch = 0; ///< global
  int64_t height = 0;
  int64_t width = 0;
  int64_t channels = 0;
  /// [imageRows.count, height, width, channels]: bytes where a device is brought them and they
  /// are as large as samples are, else normalised.
  std::optional<PixelStaging> pixels;
  Staging<float> images;
  RowRange imageRows;
  Staging<int32_t> labels; ///< [labelRows.count]; none where the program reads none
  RowRange labelRows;
  bool hasLabels = false;

  /// Finds "images" and, where the program reads them, "labels". Throws std::invalid_argument
  /// when images are missing, or one is of another type or shape, or split along more than
  /// dimension 0.
  BatchBuffers(const EntryPoint &entry, const Place &place, Arena &arena);

  bool isApart() const { return pixels || images.isApart(); }
  void bring() const {
    pixels ? pixels->bring() : images.bring();
    labels.bring();
  }
  /// `levels`: what bytes become.
  void flush(const PixelLevels &levels) const {
    pixels ? pixels->flush(levels) : images.flush();
    labels.flush();
  }
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_BATCHBUFFERS_H
