#include "autopar/core/Agreement.h"

#include "autopar/core/Digest.h"

#include <algorithm>
#include <array>
#include <stdexcept>

using namespace autopar;

namespace {

/// What every program says first, of any version of this runtime: its size never changes.
struct Greeting {
  std::array<char, 16> mark = {'a', 'u', 't', 'o', 'p', 'a', 'r', ' ', '1'};
  uint64_t digest; ///< of the facts
  uint64_t spare[5] = {};
};
static_assert(sizeof(Greeting) == 64);

/// Facts as one text; what follows each part occurs in none.
constexpr char end = '\0';

std::string textOf(const std::vector<Fact> &facts) {
  std::string text;
  for (const Fact &fact : facts)
    for (const std::string *part : {&fact.verb, &fact.what, &fact.key})
      text += *part + end;
  return text;
}

std::vector<Fact> factsIn(const std::string &text) {
  std::vector<std::string> parts;
  for (size_t begin = 0, behind; (behind = text.find(end, begin)) != std::string::npos;
       begin = behind + 1)
    parts.push_back(text.substr(begin, behind - begin));
  std::vector<Fact> facts;
  for (size_t i = 0; i + 3 <= parts.size(); i += 3)
    facts.push_back({parts[i], parts[i + 1], parts[i + 2]});
  return facts;
}

const std::string &keyOf(const Fact &fact) { return fact.key.empty() ? fact.what : fact.key; }

uint64_t digestOf(const std::vector<Fact> &facts) {
  Digest digest;
  for (const Fact &fact : facts) {
    digest.add(std::as_bytes(std::span(fact.verb)));
    digest.add(std::as_bytes(std::span(keyOf(fact))));
    digest.add(keyOf(fact).size());
  }
  return digest.value();
}

/// What of it is not as rank 0 has it.
std::string difference(int rank, const std::vector<Fact> &theirs,
                       const std::vector<Fact> &first) {
  const std::string who = "rank " + std::to_string(rank);
  std::string text;
  for (size_t i = 0; i < std::min(theirs.size(), first.size()); ++i) {
    if (theirs[i].verb == first[i].verb && keyOf(theirs[i]) == keyOf(first[i]))
      continue;
    text += (text.empty() ? "" : "; ") + who + " " + theirs[i].verb + " " + theirs[i].what +
            ", rank 0 ";
    text += (theirs[i].verb == first[i].verb ? "" : first[i].verb + " ") + first[i].what;
  }
  return text.empty() ? who + " and rank 0 run different programs" : text;
}

} // namespace

void autopar::requireAgreement(Peers &peers, const std::vector<Fact> &facts) {
  const std::vector<Greeting> greetings =
      peers.allGather(Greeting{.digest = digestOf(facts)});
  bool agree = true;
  for (int rank = 1; rank < peers.ranks(); ++rank) {
    if (greetings[rank].mark != greetings[0].mark)
      throw std::runtime_error("rank " + std::to_string(rank) +
                               " runs a program of another version of autopar than rank 0");
    agree &= greetings[rank].digest == greetings[0].digest;
  }
  if (agree)
    return;
  const std::vector<std::string> texts = peers.allGatherTexts(textOf(facts));
  const std::vector<Fact> first = factsIn(texts[0]);
  for (int rank = 1; rank < peers.ranks(); ++rank)
    if (greetings[rank].digest != greetings[0].digest)
      throw std::runtime_error(difference(rank, factsIn(texts[rank]), first) +
                               "; all ranks must agree");
}

std::vector<Fact> autopar::factsOf(const Description &description, const Options &options) {
  std::string program = std::string(description.model) + " for mesh " +
                        toString(description.mesh) + " (digest " +
                        digestText(description.digest) + ")";
  std::vector<Fact> facts = {
      {"runs", program + ", compiled by: " + std::string(description.command), program}};
  for (const std::string &option : options.shared)
    facts.push_back({"runs", option});
  return facts;
}
