#include "autopar/core/guard/ReplicaCheck.h"

#include "autopar/core/Digest.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

using namespace autopar;

namespace {

constexpr int mostAxes = 4; // of a mesh

/// By as many threads as there are.
uint64_t digestOf(std::span<const std::byte> bytes) {
  constexpr size_t piece = size_t(1) << 16;
  std::vector<uint64_t> digests((bytes.size() + piece - 1) / piece);
#pragma omp parallel for schedule(static) if (digests.size() > 1)
  for (size_t i = 0; i < digests.size(); ++i) {
    Digest digest;
    digest.add(bytes.subspan(i * piece, std::min(piece, bytes.size() - i * piece)));
    digests[i] = digest.value();
  }
  Digest whole;
  for (uint64_t digest : digests)
    whole.add(digest);
  return whole.value();
}

/// The axes over which a variable is split at all, as a number.
unsigned numberOfAxes(const Variable &variable) {
  const AxisSet splitting = splittingAxes(variable.split);
  unsigned axes = 0;
  for (int axis = 0; axis < mostAxes; ++axis)
    axes |= splitting.contains(axis) << axis;
  return axes;
}

/// Whether both have the same block of what is split over these axes.
bool haveSameBlock(const Place &one, const Place &other, unsigned axes) {
  for (int axis = 0; axis < one.mesh().sizes.size(); ++axis)
    if (axes >> axis & 1 && one.coordinate(axis) != other.coordinate(axis))
      return false;
  return true;
}

std::vector<Variable> replicatedOf(std::span<const Variable> variables, const Mesh &mesh) {
  std::vector<Variable> replicated;
  for (const Variable &variable : variables) {
    if (mesh.blocks(splittingAxes(variable.split)) < mesh.ranks())
      replicated.push_back(variable);
  }
  return replicated;
}

/// `ranks 0, 1 and 3`
std::string namesOf(const std::vector<int> &ranks) {
  std::string text = ranks.size() == 1 ? "rank " : "ranks ";
  for (size_t i = 0; i < ranks.size(); ++i)
    text += (i == 0 ? "" : i + 1 == ranks.size() ? " and " : ", ") + std::to_string(ranks[i]);
  return text;
}

} // namespace

ReplicaCheck::ReplicaCheck(std::span<const Variable> variables, const Rank &rank, Arena &arena,
                           const WayBack &wayBack)
    : rank(rank), wayBack(wayBack), replicated(replicatedOf(variables, rank.mesh())),
      onHost(replicated, arena) {
  for (const Variable &variable : replicated) {
    const unsigned axes = numberOfAxes(variable);
    FirstHolders &firsts = holders[axes];
    for (int one = static_cast<int>(firsts.size()); one < rank.ranks(); ++one) {
      int first = 0;
      while (!haveSameBlock(Place(rank.mesh(), first), Place(rank.mesh(), one), axes))
        ++first;
      firsts.push_back(first);
    }
  }
}

void ReplicaCheck::require(int64_t step) {
  if (replicated.empty())
    return;
  // One digest for all variables that are split over the same axes, so that ranks exchange
  // little.
  std::array<Digest, 1 << mostAxes> ofAxes;
  std::vector<uint64_t> digests;
  for (size_t i = 0; i < replicated.size(); ++i) {
    digests.push_back(digestOf(onHost.read(i)));
    ofAxes[numberOfAxes(replicated[i])].add(digests.back());
  }
  std::array<uint64_t, 1 << mostAxes> mine;
  std::ranges::transform(ofAxes, mine.begin(), &Digest::value);
  const auto all = rank.peers().allGather(mine);
  for (const auto &[axes, firsts] : holders)
    for (size_t one = 0; one < all.size(); ++one)
      if (all[one][axes] != all[firsts[one]][axes])
        tell(step, digests);
}

/// `rank 3 has another w than ranks 0, 1 and 2`; empty where all of each block have the same.
std::string ReplicaCheck::differenceOf(const Variable &variable,
                                       const std::vector<uint64_t> &digests) const {
  const FirstHolders &firsts = holders.at(numberOfAxes(variable));
  for (int first = 0; first < rank.ranks(); ++first) {
    std::map<uint64_t, std::vector<int>> versions; // and who has them
    std::vector<int> all;
    for (int one = first; one < rank.ranks(); ++one)
      if (firsts[one] == first) {
        versions[digests[one]].push_back(one);
        all.push_back(one);
      }
    if (versions.size() < 2)
      continue;
    const std::vector<int> &most =
        std::ranges::max_element(versions, {}, [](const auto &version) {
          return version.second.size();
        })->second;
    const std::string name(variable.name);
    if (2 * most.size() <= all.size())
      return namesOf(all) + " do not have the same " + name;
    std::erase_if(all, [&](int one) { return std::ranges::find(most, one) != most.end(); });
    return namesOf(all) + (all.size() == 1 ? " has" : " have") + " another " + name + " than " +
           namesOf(most);
  }
  return "";
}

void ReplicaCheck::tell(int64_t step, const std::vector<uint64_t> &digests) const {
  const std::span<const std::byte> bytes = std::as_bytes(std::span(digests));
  const std::vector<std::string> texts =
      rank.peers().allGatherTexts({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
  std::string first;
  size_t further = 0;
  for (size_t i = 0; i < replicated.size(); ++i) {
    std::vector<uint64_t> ofRanks(texts.size());
    for (size_t one = 0; one < texts.size(); ++one)
      std::memcpy(&ofRanks[one], texts[one].data() + i * sizeof(uint64_t), sizeof(uint64_t));
    const std::string difference = differenceOf(replicated[i], ofRanks);
    if (first.empty())
      first = difference;
    else
      further += !difference.empty();
  }
  throw std::runtime_error(
      "step " + std::to_string(step) + ": " + first +
      (further ? ", and " + std::to_string(further) + " more variables differ" : "") +
      "; they should be the same bits: some memory or processor has failed, or hosts are of "
      "different kinds; nothing of that is saved" +
      wayBack.text());
}
