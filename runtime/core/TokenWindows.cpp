#include "autopar/core/TokenWindows.h"

#include "autopar/core/Philox.h"

#include <algorithm>
#include <stdexcept>
#include <string>

using namespace autopar;

namespace {

/// Throws unless the text holds one window and the token behind it.
void requireWindow(const TokenText &text, int64_t sequence) {
  if (text.size() < sequence + 1)
    throw std::runtime_error(text.name() + " has " + std::to_string(text.size()) +
                             " tokens, too few for a sequence of " + std::to_string(sequence) +
                             " and the token behind it");
}

} // namespace

RandomWindows::RandomWindows(const TokenText &text, const TokenBuffers &buffers, uint64_t seed)
    : text(text), buffers(buffers), seed(seed), starts(static_cast<size_t>(buffers.batch())) {
  requireWindow(text, buffers.sequence());
}

int64_t RandomWindows::batchesPerEpoch() const {
  return std::max<int64_t>(1, (text.size() - 1) / samplesPerBatch());
}

void RandomWindows::fill(int64_t step) {
  const RandomStream random(seed, "windows");
  const auto places = static_cast<uint64_t>(text.size() - buffers.sequence());
  for (size_t row = 0; row < starts.size(); ++row)
    starts[row] = static_cast<int64_t>(
        random.below(places, static_cast<uint64_t>(step) * starts.size() + row));
  buffers.fill(starts, text);
}

WindowsInOrder::WindowsInOrder(const TokenText &text, const TokenBuffers &buffers,
                               int64_t mostBatches)
    : text(text), buffers(buffers), starts(static_cast<size_t>(buffers.batch())) {
  requireWindow(text, buffers.sequence());
  windows = (text.size() - 1) / buffers.sequence();
  if (windows / buffers.batch() >= mostBatches)
    windows = mostBatches * buffers.batch();
  // What fills up a batch would count where no label leaves it out.
  if (!buffers.hasLabels())
    windows -= windows % buffers.batch();
  if (windows == 0)
    throw std::runtime_error(text.name() + " has " + std::to_string(text.size()) +
                             " tokens, too few for a batch of " +
                             std::to_string(buffers.batch()) + " sequences of " +
                             std::to_string(buffers.sequence()) +
                             "; a program without labels counts whole batches");
}

int64_t WindowsInOrder::batches() const {
  return (windows + buffers.batch() - 1) / buffers.batch();
}

void WindowsInOrder::load(int64_t batch) {
  for (int64_t row = 0; row < buffers.batch(); ++row) {
    const int64_t window = batch * buffers.batch() + row;
    starts[row] = window < windows ? window * buffers.sequence() : TokenBuffers::noText;
  }
  buffers.fill(starts, text);
  buffers.flush();
}
