// The checker of memory plans. It walks over time with the living buffers in a
// map by offset, and looks at each newcomer's neighbours; nothing of the
// planner's is used, so a mistake there cannot hide here.

#include "compiler/solvers/packing/Packing.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>

namespace autopar {

namespace {

std::string quoted(const std::vector<Buffer> &buffers, size_t i) {
  return "'" + (buffers[i].name.empty() ? "#" + std::to_string(i) : buffers[i].name) + "'";
}

/// "'a' [0, 64) over [3, 9)"
std::string described(const std::vector<Buffer> &buffers, const std::vector<int64_t> &offsets,
                      size_t i) {
  const Buffer &b = buffers[i];
  return quoted(buffers, i) + " at bytes [" + std::to_string(offsets[i]) + ", " +
         std::to_string(offsets[i] + b.bytes) + ") over [" + std::to_string(b.begin) + ", " +
         std::to_string(b.end) + ")";
}

/// Who shares storage with whom, as the label of each buffer's group. A plain
/// flood over the links.
std::vector<size_t> labelGroups(const std::vector<Buffer> &buffers) {
  std::vector<std::vector<size_t>> links(buffers.size());
  for (size_t i = 0; i < buffers.size(); ++i)
    if (buffers[i].sameOffsetAs) {
      links[i].push_back(*buffers[i].sameOffsetAs);
      links[*buffers[i].sameOffsetAs].push_back(i);
    }
  std::vector<size_t> label(buffers.size(), buffers.size());
  for (size_t start = 0; start < buffers.size(); ++start) {
    std::vector<size_t> stack{start};
    while (!stack.empty()) {
      size_t i = stack.back();
      stack.pop_back();
      if (label[i] != buffers.size())
        continue;
      label[i] = start;
      stack.insert(stack.end(), links[i].begin(), links[i].end());
    }
  }
  return label;
}

} // namespace

std::optional<std::string> check(const std::vector<Buffer> &buffers,
                                 const std::vector<int64_t> &offsets, int64_t arenaBytes,
                                 int64_t alignment) {
  if (offsets.size() != buffers.size())
    return std::to_string(buffers.size()) + " buffers but " + std::to_string(offsets.size()) +
           " offsets";
  if (alignment < 1)
    return "the alignment is " + std::to_string(alignment) + ", must be at least 1";
  for (size_t i = 0; i < buffers.size(); ++i) {
    const Buffer &b = buffers[i];
    if (b.begin > b.end || b.bytes < 0)
      return "buffer " + quoted(buffers, i) + " lives over [" + std::to_string(b.begin) + ", " +
             std::to_string(b.end) + ") with " + std::to_string(b.bytes) + " bytes";
    if (b.sameOffsetAs && *b.sameOffsetAs >= buffers.size())
      return "buffer " + quoted(buffers, i) + " shares the offset of buffer " +
             std::to_string(*b.sameOffsetAs) + " of " + std::to_string(buffers.size());
    int64_t held = b.begin < b.end ? b.bytes : 0; // what never lives needs no room
    if (offsets[i] < 0 || offsets[i] > arenaBytes || held > arenaBytes - offsets[i])
      return "buffer " + quoted(buffers, i) + " of " + std::to_string(b.bytes) +
             " bytes at offset " + std::to_string(offsets[i]) + " leaves the arena of " +
             std::to_string(arenaBytes) + " bytes";
    if (offsets[i] % alignment != 0)
      return "offset " + std::to_string(offsets[i]) + " of buffer " + quoted(buffers, i) +
             " is not a multiple of " + std::to_string(alignment);
    if (b.sameOffsetAs && offsets[i] != offsets[*b.sameOffsetAs])
      return "buffer " + quoted(buffers, i) + " at offset " + std::to_string(offsets[i]) +
             " must share the offset of " + quoted(buffers, *b.sameOffsetAs) + ", which is at " +
             std::to_string(offsets[*b.sameOffsetAs]);
  }

  // Starts in order of time; before each, what has ended leaves. In the map, a
  // key holds several buffers only where they belong to one group.
  std::vector<size_t> group = labelGroups(buffers);
  std::vector<size_t> starts, ends;
  for (size_t i = 0; i < buffers.size(); ++i)
    if (buffers[i].bytes > 0 && buffers[i].begin < buffers[i].end)
      starts.push_back(i);
  ends = starts;
  std::stable_sort(starts.begin(), starts.end(),
                   [&](size_t a, size_t b) { return buffers[a].begin < buffers[b].begin; });
  std::stable_sort(ends.begin(), ends.end(),
                   [&](size_t a, size_t b) { return buffers[a].end < buffers[b].end; });

  std::multimap<int64_t, size_t> living;
  size_t ended = 0;
  for (size_t i : starts) {
    for (; buffers[ends[ended]].end <= buffers[i].begin; ++ended) {
      auto [first, last] = living.equal_range(offsets[ends[ended]]);
      living.erase(std::find_if(first, last, [&](auto &e) { return e.second == ends[ended]; }));
    }
    auto overlap = [&](size_t other) {
      return "buffers " + described(buffers, offsets, other) + " and " +
             described(buffers, offsets, i) + " overlap from " + std::to_string(buffers[i].begin);
    };
    int64_t top = offsets[i] + buffers[i].bytes;
    // Those that start inside this one.
    auto from = living.lower_bound(offsets[i]);
    for (auto it = from; it != living.end() && it->first < top; ++it)
      if (group[it->second] != group[i])
        return overlap(it->second);
    // Those that start below and may reach into it: the living of different
    // groups do not overlap, so only the next offset below can.
    if (from != living.begin()) {
      int64_t below = std::prev(from)->first;
      auto [first, last] = living.equal_range(below);
      for (auto it = first; it != last; ++it)
        if (below + buffers[it->second].bytes > offsets[i] && group[it->second] != group[i])
          return overlap(it->second);
    }
    living.emplace(offsets[i], i);
  }
  return std::nullopt;
}

} // namespace autopar
