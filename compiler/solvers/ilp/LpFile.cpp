// The formulation of docs/ShardingIlp.md, written out.

#include "compiler/solvers/ilp/LpFile.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace autopar::ilp {

namespace {

/// Names of 100 characters are the most that CBC's reader takes.
constexpr size_t longestName = 90;

class LpText {
public:
  explicit LpText(const Problem &problem);

  std::string print();

private:
  std::string unique(std::string name, int node);
  void objective();
  void choices();
  void links(int edge);
  void memory();

  void term(Int128 factor, const std::string &name);
  void close(const char *end);
  bool may(int node, int strategy) const { return problem.nodes[node].costs[strategy] < never; }
  bool may(const Edge &edge, int s, int t) const {
    return may(edge.from, s) && may(edge.to, t) && (edge.from != edge.to || s == t) &&
           cell(edge, s, t) < never;
  }
  Cost cell(const Edge &edge, int s, int t) const {
    return edge.costs[s * problem.nodes[edge.to].costs.size() + t];
  }
  int size(int node) const { return static_cast<int>(problem.nodes[node].costs.size()); }
  static std::string pair(int edge, int s, int t) {
    return "p" + std::to_string(edge) + "(" + std::to_string(s) + "," + std::to_string(t) + ")";
  }

  const Problem &problem;
  std::vector<std::string> nodeNames;
  std::vector<std::vector<std::string>> names; // [nodes][strategies]
  std::set<std::string> taken;
  std::string out;
  int onLine = 0;
};

/// What the format allows in a name. It may not begin like a number: hence the
/// letter in front of all that does not begin with one ('e' begins an exponent).
std::string legal(const std::string &text) {
  std::string name;
  for (char c : text)
    name += std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' ? c : '_';
  if (name.empty() || !std::isalpha(static_cast<unsigned char>(name[0])) || name[0] == 'e' ||
      name[0] == 'E')
    name = "n_" + name;
  return name.substr(0, longestName);
}

std::string LpText::unique(std::string name, int node) {
  if (taken.count(name))
    name = name.substr(0, longestName - 10) + "#" + std::to_string(node);
  for (int more = 2; !taken.insert(name).second; ++more)
    name = name.substr(0, name.find('~')) + "~" + std::to_string(more);
  return name;
}

LpText::LpText(const Problem &problem) : problem(problem) {
  for (size_t n = 0; n < problem.nodes.size(); ++n) {
    int node = static_cast<int>(n);
    nodeNames.push_back(unique(legal(problem.nodeName(node)), node));
    names.emplace_back();
    for (int s = 0; s < size(node); ++s) {
      std::string full = problem.nodeName(node) + "." + problem.strategyName(node, s);
      names.back().push_back(unique(legal(full), node));
    }
  }
}

void LpText::term(Int128 factor, const std::string &name) {
  if (++onLine % 6 == 0)
    out += "\n ";
  out += factor < 0 ? " - " : " + ";
  Int128 size = factor < 0 ? -factor : factor;
  out += toString(size) + " " + name;
}

void LpText::close(const char *end) {
  out += end;
  out += '\n';
  onLine = 0;
}

void LpText::objective() {
  out += "Minimize\n obj:";
  for (size_t n = 0; n < problem.nodes.size(); ++n)
    for (int s = 0; s < size(static_cast<int>(n)); ++s)
      if (may(static_cast<int>(n), s))
        term(problem.nodes[n].costs[s], names[n][s]);
  for (size_t e = 0; e < problem.edges.size(); ++e) {
    const Edge &edge = problem.edges[e];
    for (int s = 0; s < size(edge.from); ++s)
      for (int t = 0; t < size(edge.to); ++t)
        if (may(edge, s, t))
          term(cell(edge, s, t), pair(static_cast<int>(e), s, t));
  }
  close("");
}

void LpText::choices() {
  for (size_t n = 0; n < problem.nodes.size(); ++n) {
    out += " " + nodeNames[n] + ":";
    for (int s = 0; s < size(static_cast<int>(n)); ++s)
      if (may(static_cast<int>(n), s))
        term(1, names[n][s]);
    close(" = 1");
  }
}

void LpText::links(int e) {
  const Edge &edge = problem.edges[e];
  out += "\\ p" + std::to_string(e) + ": " + problem.nodeName(edge.from) + " to " +
         problem.nodeName(edge.to) + "\n";
  auto side = [&](bool rows) {
    int end = rows ? edge.from : edge.to, other = rows ? edge.to : edge.from;
    for (int s = 0; s < size(end); ++s) {
      if (!may(end, s))
        continue;
      out += " p" + std::to_string(e) + (rows ? "(" : "(,") + std::to_string(s) +
             (rows ? ",):" : "):");
      for (int t = 0; t < size(other); ++t)
        if (rows ? may(edge, s, t) : may(edge, t, s))
          term(1, rows ? pair(e, s, t) : pair(e, t, s));
      term(-1, names[end][s]);
      close(" = 0");
    }
  };
  side(true);
  side(false);
}

void LpText::memory() {
  // A peak can only stand where something begins.
  std::map<Time, std::vector<std::pair<int, const Use *>>> begin, end;
  for (size_t n = 0; n < problem.nodes.size(); ++n)
    for (const Use &use : problem.nodes[n].uses)
      if (use.begin < use.end) {
        begin[use.begin].push_back({static_cast<int>(n), &use});
        end[use.end].push_back({static_cast<int>(n), &use});
      }
  std::set<std::pair<int, const Use *>> living;
  auto ended = end.begin();
  for (const auto &[time, uses] : begin) {
    for (; ended != end.end() && ended->first <= time; ++ended)
      for (const auto &use : ended->second)
        living.erase(use);
    living.insert(uses.begin(), uses.end());
    std::map<std::pair<int, int>, Int128> held;
    for (auto [n, use] : living)
      for (int s = 0; s < size(n); ++s)
        if (may(n, s) && use->bytes[s])
          held[{n, s}] += use->bytes[s];
    if (held.empty())
      continue;
    out += " memory(" + std::to_string(time) + "):";
    for (auto [which, bytes] : held)
      term(bytes, names[which.first][which.second]);
    close((" <= " + std::to_string(*problem.usageLimit)).c_str());
  }
}

std::string LpText::print() {
  if (!problem.name.empty())
    out += "\\ " + legal(problem.name) + "\n";
  objective();
  out += "Subject To\n";
  choices();
  for (size_t e = 0; e < problem.edges.size(); ++e)
    links(static_cast<int>(e));
  if (problem.usageLimit)
    memory();
  out += "Binary\n";
  for (size_t n = 0; n < problem.nodes.size(); ++n)
    for (int s = 0; s < size(static_cast<int>(n)); ++s)
      if (may(static_cast<int>(n), s))
        out += " " + names[n][s] + "\n";
  out += "End\n";
  return std::move(out);
}

} // namespace

std::string printLp(const Problem &problem) { return LpText(problem).print(); }

} // namespace autopar::ilp
