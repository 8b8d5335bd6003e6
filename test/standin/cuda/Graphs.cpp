// CUDA's functions that capture a stream's work as a graph, and launch it.
#include "standin/Report.h"
#include "standin/cuda/Error.h"
#include "standin/device/Stream.h"

#include <cuda_runtime_api.h>

#include <algorithm>
#include <vector>

using standin::Capture;
using standin::Graph;
using standin::remember;
using standin::submit;

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode) {
  if (stream->capture)
    return remember(cudaErrorIllegalState);
  stream->capture = std::make_shared<Capture>();
  stream->capture->origin = stream;
  stream->capture->streams = {stream};
  stream->last.clear();
  return cudaSuccess;
}

/// Whether each node comes before the origin's last ones, or is one of them.
static bool isJoined(const Graph &graph, const std::vector<int> &last) {
  std::vector<bool> isBefore(graph.nodes.size());
  for (int node : last)
    isBefore[node] = true;
  for (size_t n = graph.nodes.size(); n-- > 0;) // A node comes after earlier ones only.
    if (isBefore[n])
      for (int earlier : graph.nodes[n].after)
        isBefore[earlier] = true;
  return std::ranges::all_of(isBefore, [](bool is) { return is; });
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t *graph) {
  *graph = nullptr;
  const std::shared_ptr<Capture> capture = stream->capture;
  if (!capture || capture->origin != stream)
    return remember(cudaErrorIllegalState);
  capture->isOpen = false;
  const bool joined = isJoined(*capture->graph, stream->last);
  const bool mixesPriorities = std::ranges::any_of(
      capture->streams, [&](cudaStream_t other) { return other->priority != stream->priority; });
  for (cudaStream_t drawnIn : capture->streams) {
    drawnIn->capture = nullptr;
    drawnIn->last.clear();
  }
  if (capture->isBroken)
    return remember(cudaErrorStreamCaptureInvalidated);
  if (!joined)
    return remember(cudaErrorStreamCaptureUnjoined);
  *graph = new CUgraph_st{capture->graph, mixesPriorities};
  return cudaSuccess;
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t *executable, cudaGraph_t graph,
                                 unsigned long long flags) {
  if (graph->mixesPriorities && !(flags & cudaGraphInstantiateFlagUseNodePriority))
    standin::report("a graph that was captured from streams of several priorities is "
                    "instantiated without cudaGraphInstantiateFlagUseNodePriority: all of it "
                    "would run at the priority of the stream that launches it");
  *executable = new CUgraphExec_st{graph->graph};
  return cudaSuccess;
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t stream) {
  return remember(submit(stream, {.name = "a graph", .graph = executable->graph}));
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  delete graph;
  return cudaSuccess;
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t executable) {
  delete executable;
  return cudaSuccess;
}
