// Streams, events and graphs. Nothing is done when it is put out: work waits in its stream
// until somebody waits for it, and then streams' work is done in any order that events allow,
// drawn from the seed.
#ifndef AUTOPAR_TEST_STANDIN_DEVICE_STREAM_H
#define AUTOPAR_TEST_STANDIN_DEVICE_STREAM_H

#include <driver_types.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace standin {

/// How often an event has been recorded and passed.
struct Passing {
  uint64_t recorded = 0, passed = 0;
  std::chrono::steady_clock::time_point at; ///< the last
};

struct Work {
  std::string name; ///< for reports
  std::function<void()> run;
  /// Waits until `awaited` has been passed this often.
  std::shared_ptr<const Passing> awaited = nullptr;
  uint64_t times = 0;

  bool isHeldBack() const { return awaited && awaited->passed < times; }
};

/// Work and, for each piece, the earlier ones that it comes after.
struct Graph {
  struct Node {
    Work work;
    std::vector<int> after;
  };
  std::vector<Node> nodes;

  /// In any order that the nodes allow.
  void run() const;
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
/// wait for each other for ever are reported.
cudaError_t synchronize(CUstream_st *stream);

} // namespace standin

struct CUstream_st {
  std::deque<standin::Work> queue;
  std::shared_ptr<standin::Capture> capture; ///< while it is captured from
  std::vector<int> last;                     ///< nodes that the next one comes after
  int priority = 0;

  CUstream_st();
  ~CUstream_st();
};

struct CUevent_st {
  bool isTimed;
  std::shared_ptr<standin::Passing> passing = std::make_shared<standin::Passing>();
  std::shared_ptr<standin::Capture> capture = nullptr; ///< that it was last recorded in
  std::vector<int> last = {};                          ///< nodes of it
};

struct CUgraph_st {
  std::shared_ptr<standin::Graph> graph;
  bool mixesPriorities = false; ///< of the streams that it was captured from
};

struct CUgraphExec_st {
  std::shared_ptr<standin::Graph> graph;
};

#endif // AUTOPAR_TEST_STANDIN_DEVICE_STREAM_H
