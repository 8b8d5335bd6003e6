// See Stream.h.
#include "standin/device/Stream.h"

#include "standin/Report.h"
#include "standin/checks/Checks.h"
#include "standin/checks/WorkChecks.h"
#include "standin/device/Memory.h"
#include "standin/device/Random.h"

#include <algorithm>

namespace standin {

/// All of the process.
static std::vector<CUstream_st *> streams;

/// What the host has waited for.
static std::shared_ptr<const Clock> knownToHost = std::make_shared<Clock>();

/// The next piece of a line, behind all that `clock` knows; which then knows it, too.
static void perform(const Work &work, Line &line, Clock &clock, const std::string &place) {
  if (work.known)
    clock.join(*work.known);
  if (work.awaited)
    clock.join(work.awaited->clock);
  if (work.graph)
    work.graph->run(clock, place);
  if (work.recorded) {
    work.recorded->isPassed = true;
    work.recorded->at = std::chrono::steady_clock::now();
    work.recorded->clock = clock;
  }
  if (!work.run)
    return;
  clock.advance(line.number, ++line.count);
  if (checks().any()) {
    runChecked(work, {work.name, work.kernel, place, line.number, line.count}, clock);
    return;
  }
  const DeviceAccess access;
  work.run();
}

static void perform(const Work &work, CUstream_st &stream) {
  perform(work, stream.line, stream.clock, "on stream " + std::to_string(stream.number));
}

void Graph::add(Work work, std::vector<int> after, const CUstream_st *stream) {
  const auto found = std::ranges::find(strands, stream, &Strand::stream);
  const size_t strand = found - strands.begin();
  if (found == strands.end())
    strands.push_back({stream, stream->number, {}});
  nodes.push_back({std::move(work), std::move(after), strand});
}

void Graph::run(Clock &clock, const std::string &place) {
  clock.join(done);
  std::vector<Clock> clocks(nodes.size(), clock);
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
    Strand &strand = strands[nodes[node].strand];
    perform(nodes[node].work, strand.line, clocks[node],
            place + ", in a graph, of what was captured from stream " +
                std::to_string(strand.number));
    clock.join(clocks[node]);
    for (int later : before[node]) {
      clocks[later].join(clocks[node]);
      if (--open[later] == 0)
        ready.push_back(later);
    }
  }
  done = clock;
}

cudaError_t submit(CUstream_st *stream, Work work) {
  if (!stream)
    report(work.name + " is put on the default stream, which waits for all others; the runtime "
                       "has streams of its own");
  if (!stream->capture) {
    work.known = knownToHost;
    stream->queue.push_back(std::move(work));
    return cudaSuccess;
  }
  Graph &graph = *stream->capture->graph;
  graph.add(std::move(work), stream->last, stream);
  stream->last = {static_cast<int>(graph.nodes.size()) - 1};
  return cudaSuccess;
}

/// `waiting` names what the host waits for, for reports.
template <class IsDone, class Waiting>
static void runUntil(IsDone isDone, Waiting waiting) {
  while (!isDone()) {
    std::vector<CUstream_st *> able;
    for (CUstream_st *other : streams)
      if (!other->queue.empty() && !other->queue.front().isHeldBack())
        able.push_back(other);
    if (able.empty())
      report("streams wait for each other for ever, " + waiting() +
             " is what one of them waits in");
    CUstream_st &chosen = *able[random().below(able.size())];
    // As far as it goes, or less: switching after each piece would hide what comes too early.
    for (uint64_t pieces = 1 + random().below(16);
         pieces && !chosen.queue.empty() && !chosen.queue.front().isHeldBack(); --pieces) {
      const Work work = std::move(chosen.queue.front());
      chosen.queue.pop_front();
      perform(work, chosen);
    }
  }
}

static void runUntilEmpty(const CUstream_st &stream) {
  runUntil([&] { return stream.queue.empty(); }, [&] { return stream.queue.front().name; });
}

cudaError_t finish(CUstream_st *stream) {
  if (stream->capture) {
    stream->capture->isBroken = true;
    return cudaErrorStreamCaptureUnsupported;
  }
  runUntilEmpty(*stream);
  return cudaSuccess;
}

cudaError_t synchronize(CUstream_st *stream) {
  const cudaError_t status = finish(stream);
  if (status == cudaSuccess)
    hostWaitedFor(stream->clock);
  return status;
}

cudaError_t synchronize(const Recording &recording) {
  runUntil([&] { return recording.isPassed; }, [] { return std::string("an event's record"); });
  hostWaitedFor(recording.clock);
  return cudaSuccess;
}

void hostWaitedFor(const Clock &clock) {
  const auto known = std::make_shared<Clock>(*knownToHost);
  known->join(clock);
  knownToHost = known;
}

} // namespace standin

static int streamsMade = 0;

CUstream_st::CUstream_st() : number(++streamsMade) { standin::streams.push_back(this); }

CUstream_st::~CUstream_st() {
  standin::runUntilEmpty(*this);
  std::erase(standin::streams, this);
}
