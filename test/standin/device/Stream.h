// Streams, events and graphs. Nothing is done when it is put out: work waits in its stream
// until somebody waits for it, and then streams' work is done in any order that events allow,
// drawn from the seed.
#ifndef AUTOPAR_TEST_STANDIN_DEVICE_STREAM_H
#define AUTOPAR_TEST_STANDIN_DEVICE_STREAM_H

#include "standin/device/Clock.h"
#include "standin/device/Operand.h"

#include <driver_types.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace standin {

/// An event as it was recorded once.
struct Recording {
  bool isPassed = false;
  std::chrono::steady_clock::time_point at;
  Clock clock; ///< what came before
};

struct Graph;

struct Work {
  std::string name; ///< for reports
  std::function<void()> run = nullptr;
  std::vector<Operand> operands = {}; ///< what it uses, where that is known beforehand
  const void *kernel = nullptr;       ///< where it is one, which tells what it uses as it runs
  std::shared_ptr<const Recording> awaited = nullptr; ///< is waited for
  std::shared_ptr<Recording> recorded = nullptr;      ///< is passed
  std::shared_ptr<Graph> graph = nullptr;             ///< is launched
  std::shared_ptr<const Clock> known = nullptr;       ///< what the host had waited for before
  enum class Kind { Call, Copy, Fill } kind = Kind::Call; ///< a copy reads, and then writes

  bool isHeldBack() const { return awaited && !awaited->isPassed; }
};

/// Work and, for each piece, the earlier ones that it comes after.
struct Graph {
  /// What was captured from one stream.
  struct Strand {
    const CUstream_st *stream;
    int number; ///< the stream's
    Line line;
  };
  struct Node {
    Work work;
    std::vector<int> after;
    size_t strand;
  };
  std::vector<Node> nodes;
  std::vector<Strand> strands;
  Clock done; ///< all that its last launch did, behind which the next one comes

  void add(Work work, std::vector<int> after, const CUstream_st *stream);
  /// In any order that the nodes allow, after what `clock` knows; which then knows all of it.
  void run(Clock &clock, const std::string &place);
};

/// A graph that is being captured.
struct Capture {
  CUstream_st *origin;
  std::shared_ptr<Graph> graph = std::make_shared<Graph>();
  std::vector<CUstream_st *> streams; ///< those that have been drawn into it
  bool isOpen = true;
  bool isBroken = false; ///< by a call that no capture may see
};

/// Puts work on the stream, or into the graph that is captured from it. \returns the error that
/// a CUDA call passes on.
cudaError_t submit(CUstream_st *stream, Work work);

/// Does what has been put out, of all streams, until this stream has nothing left. Streams that
/// wait for each other for ever are reported. The host knows no more than before.
cudaError_t finish(CUstream_st *stream);

/// The same, and the host knows it: what it puts out from here on comes after it.
cudaError_t synchronize(CUstream_st *stream);

/// The same up to where an event was recorded.
cudaError_t synchronize(const Recording &recording);

/// The host has waited for all that the clock knows.
void hostWaitedFor(const Clock &clock);

} // namespace standin

struct CUstream_st {
  std::deque<standin::Work> queue;
  std::shared_ptr<standin::Capture> capture; ///< while it is captured from
  std::vector<int> last;                     ///< nodes that the next one comes after
  int priority = 0;
  standin::Line line;
  standin::Clock clock; ///< of what has been done
  const int number;     ///< for reports: from 1 in the order in which streams are made

  CUstream_st();
  ~CUstream_st();
};

struct CUevent_st {
  bool isTimed;
  std::shared_ptr<standin::Recording> recording = nullptr; ///< the last
  std::shared_ptr<standin::Capture> capture = nullptr;     ///< that it was last recorded in
  std::vector<int> last = {};                              ///< nodes of it
};

struct CUgraph_st {
  std::shared_ptr<standin::Graph> graph;
  bool mixesPriorities = false; ///< of the streams that it was captured from
};

struct CUgraphExec_st {
  std::shared_ptr<standin::Graph> graph;
};

#endif // AUTOPAR_TEST_STANDIN_DEVICE_STREAM_H
