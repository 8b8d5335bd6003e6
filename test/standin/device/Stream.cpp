// See Stream.h.
#include "standin/device/Stream.h"

#include "standin/Report.h"
#include "standin/device/Memory.h"
#include "standin/device/Random.h"

#include <algorithm>

namespace standin {

/// All of the process.
static std::vector<CUstream_st *> streams;

static void perform(const Work &work) {
  if (!work.run)
    return;
  const DeviceAccess access;
  work.run();
}

void Graph::run() const {
  std::vector<int> open; // How many nodes each still waits for.
  std::vector<int> ready;
  for (size_t n = 0; n < nodes.size(); ++n) {
    open.push_back(static_cast<int>(nodes[n].after.size()));
    if (nodes[n].after.empty())
      ready.push_back(static_cast<int>(n));
  }
  std::vector<std::vector<int>> before(nodes.size());
  for (size_t n = 0; n < nodes.size(); ++n)
    for (int earlier : nodes[n].after)
      before[earlier].push_back(static_cast<int>(n));
  while (!ready.empty()) {
    std::swap(ready[random().below(ready.size())], ready.back());
    const int node = ready.back();
    ready.pop_back();
    perform(nodes[node].work);
    for (int later : before[node])
      if (--open[later] == 0)
        ready.push_back(later);
  }
}

cudaError_t submit(CUstream_st *stream, Work work) {
  if (!stream)
    report(work.name + " is put on the default stream, which waits for all others; the runtime "
                       "has streams of its own");
  if (!stream->capture) {
    stream->queue.push_back(std::move(work));
    return cudaSuccess;
  }
  Graph &graph = *stream->capture->graph;
  graph.nodes.push_back({std::move(work), stream->last});
  stream->last = {static_cast<int>(graph.nodes.size()) - 1};
  return cudaSuccess;
}

static void runUntilEmpty(const CUstream_st &stream) {
  while (!stream.queue.empty()) {
    std::vector<CUstream_st *> able;
    for (CUstream_st *other : streams)
      if (!other->queue.empty() && !other->queue.front().isHeldBack())
        able.push_back(other);
    if (able.empty())
      report("streams wait for each other for ever, " + stream.queue.front().name +
             " is what one of them waits in");
    CUstream_st &chosen = *able[random().below(able.size())];
    // As far as it goes, or less: switching after each piece would hide what comes too early.
    for (uint64_t pieces = 1 + random().below(16);
         pieces && !chosen.queue.empty() && !chosen.queue.front().isHeldBack(); --pieces) {
      const Work work = std::move(chosen.queue.front());
      chosen.queue.pop_front();
      perform(work);
    }
  }
}

cudaError_t synchronize(CUstream_st *stream) {
  if (stream->capture) {
    stream->capture->isBroken = true;
    return cudaErrorStreamCaptureUnsupported;
  }
  runUntilEmpty(*stream);
  return cudaSuccess;
}

} // namespace standin

CUstream_st::CUstream_st() { standin::streams.push_back(this); }

CUstream_st::~CUstream_st() {
  standin::runUntilEmpty(*this);
  std::erase(standin::streams, this);
}
