#include "compiler/solvers/packing/Items.h"

#include <algorithm>
#include <numeric>

namespace autopar::packing {

namespace {

/// The buffers' groups, as the least index of each group's members.
std::vector<size_t> groupsOf(const std::vector<Buffer> &buffers) {
  std::vector<size_t> leader(buffers.size());
  std::iota(leader.begin(), leader.end(), size_t(0));
  auto find = [&](size_t i) {
    while (leader[i] != i)
      i = leader[i] = leader[leader[i]];
    return i;
  };
  for (size_t i = 0; i < buffers.size(); ++i)
    if (auto other = buffers[i].sameOffsetAs) {
      size_t a = find(i), b = find(*other);
      leader[std::max(a, b)] = std::min(a, b);
    }
  for (size_t i = 0; i < buffers.size(); ++i)
    leader[i] = find(i);
  return leader;
}

} // namespace

Items buildItems(const std::vector<Buffer> &buffers, int64_t alignment) {
  Items result;
  result.itemOf.assign(buffers.size(), -1);
  std::vector<size_t> group = groupsOf(buffers);
  std::vector<int64_t> itemOfGroup(buffers.size(), -1);

  // Items still in the buffers' own time: from the first begin to the last end.
  for (size_t i = 0; i < buffers.size(); ++i) {
    const Buffer &buffer = buffers[i];
    if (buffer.bytes == 0 || buffer.begin == buffer.end)
      continue;
    int64_t size = buffer.bytes / alignment + (buffer.bytes % alignment != 0);
    int64_t &slot = itemOfGroup[group[i]];
    if (slot < 0) {
      slot = static_cast<int64_t>(result.items.size());
      result.items.push_back({buffer.begin, buffer.end, size, 0});
      continue;
    }
    Item &item = result.items[slot];
    item.begin = std::min(item.begin, buffer.begin);
    item.end = std::max(item.end, buffer.end);
    item.size = std::max(item.size, size);
  }
  for (size_t i = 0; i < buffers.size(); ++i)
    result.itemOf[i] = itemOfGroup[group[i]];

  std::vector<int64_t> moments;
  for (const Item &item : result.items) {
    moments.push_back(item.begin);
    moments.push_back(item.end);
  }
  std::sort(moments.begin(), moments.end());
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  auto sectionAt = [&](int64_t moment) {
    return std::lower_bound(moments.begin(), moments.end(), moment) - moments.begin();
  };
  result.sections = moments.empty() ? 0 : static_cast<int64_t>(moments.size()) - 1;
  std::vector<int64_t> change(moments.size() + 1, 0);
  for (Item &item : result.items) {
    item.lifetime = item.end - item.begin;
    item.begin = sectionAt(item.begin);
    item.end = sectionAt(item.end);
    change[item.begin] += item.size;
    change[item.end] -= item.size;
  }
  int64_t live = 0;
  for (int64_t delta : change)
    result.largestLiveSet = std::max(result.largestLiveSet, live += delta);
  return result;
}

int64_t height(const Items &problem, const Offsets &offsets) {
  int64_t top = 0;
  for (size_t i = 0; i < problem.items.size(); ++i)
    top = std::max(top, offsets[i] + problem.items[i].size);
  return top;
}

} // namespace autopar::packing
