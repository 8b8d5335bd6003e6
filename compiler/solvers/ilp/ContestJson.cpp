// A small pull parser made for this one form: the files are up to 150 MB of
// integers, so there is no document tree and no string per number.

#include "compiler/solvers/ilp/ContestJson.h"

#include "autopar/core/OutputFile.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <memory>
#include <sstream>
#include <zlib.h>

namespace autopar::ilp {

namespace {

class Parser {
public:
  explicit Parser(std::string_view text) : text(text) {}

  std::optional<Problem> parse();
  std::string error;

private:
  bool fail(const std::string &what);
  void skipSpace();
  bool accept(char c);
  bool expect(char c);
  bool string(std::string &value);
  bool integer(int64_t &value);
  bool integers(std::vector<int64_t> &values);
  bool skipValue(int depth = 0);
  template <typename Item> bool array(const Item &item);
  template <typename Member> bool object(const Member &member);

  bool problem(Problem &result);
  bool nodes(Problem &result);
  bool edges(Problem &result);
  bool assemble(Problem &result);

  std::string_view text;
  size_t at = 0;
  bool sawNodes = false;
  std::vector<std::vector<int64_t>> intervals, costs, usages, ends, edgeCosts;
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> strategies;
};

bool Parser::fail(const std::string &what) {
  if (!error.empty())
    return false;
  size_t end = std::min(at, text.size());
  size_t line = std::count(text.begin(), text.begin() + end, '\n') + 1;
  size_t start = text.rfind('\n', end ? end - 1 : 0);
  size_t column = end - (start == std::string_view::npos || start >= end ? 0 : start + 1) + 1;
  error = "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + what;
  return false;
}

void Parser::skipSpace() {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' ||
                              text[at] == '\t'))
    ++at;
}

bool Parser::accept(char c) {
  skipSpace();
  if (at >= text.size() || text[at] != c)
    return false;
  ++at;
  return true;
}

bool Parser::expect(char c) {
  if (accept(c))
    return true;
  std::string found = at < text.size() ? std::string("'") + text[at] + "'" : "the end of the file";
  return fail(std::string("expected '") + c + "', found " + found);
}

bool Parser::string(std::string &value) {
  if (!expect('"'))
    return false;
  value.clear();
  while (at < text.size() && text[at] != '"') {
    if (text[at] == '\\' && at + 1 < text.size())
      ++at; // escapes are kept as they stand: names only serve messages
    value += text[at++];
  }
  return expect('"');
}

bool Parser::integer(int64_t &value) {
  skipSpace();
  const char *begin = text.data() + at, *end = text.data() + text.size();
  auto [stop, code] = std::from_chars(begin, end, value);
  if (code == std::errc::result_out_of_range)
    return fail("number does not fit in 64 bits");
  if (code != std::errc() || (stop < end && (*stop == '.' || *stop == 'e' || *stop == 'E')))
    return fail("expected an integer");
  at += stop - begin;
  return true;
}

template <typename Item> bool Parser::array(const Item &item) {
  if (!expect('['))
    return false;
  if (accept(']'))
    return true;
  do
    if (!item())
      return false;
  while (accept(','));
  return expect(']');
}

template <typename Member> bool Parser::object(const Member &member) {
  if (!expect('{'))
    return false;
  if (accept('}'))
    return true;
  std::string key;
  do
    if (!string(key) || !expect(':') || !member(key))
      return false;
  while (accept(','));
  return expect('}');
}

bool Parser::integers(std::vector<int64_t> &values) {
  return array([&] { return integer(values.emplace_back()); });
}

bool Parser::skipValue(int depth) {
  skipSpace();
  if (depth > 64)
    return fail("nested too deeply");
  std::string ignored;
  char c = at < text.size() ? text[at] : '\0';
  if (c == '{')
    return object([&](const std::string &) { return skipValue(depth + 1); });
  if (c == '[')
    return array([&] { return skipValue(depth + 1); });
  if (c == '"')
    return string(ignored);
  size_t begin = at;
  while (at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) ||
                              text[at] == '-' || text[at] == '+' || text[at] == '.'))
    ++at;
  return at > begin || fail("expected a value");
}

bool Parser::nodes(Problem &) {
  sawNodes = true;
  return object([&](const std::string &key) {
    if (key == "intervals")
      return array([&] { return integers(intervals.emplace_back()); });
    if (key == "costs")
      return array([&] { return integers(costs.emplace_back()); });
    if (key == "usages")
      return array([&] { return integers(usages.emplace_back()); });
    if (key == "names")
      return array([&] { return string(names.emplace_back()); });
    if (key == "strategies")
      return array([&] {
        std::vector<std::string> &own = strategies.emplace_back();
        return array([&] { return string(own.emplace_back()); });
      });
    return skipValue();
  });
}

bool Parser::edges(Problem &) {
  return object([&](const std::string &key) {
    if (key == "nodes")
      return array([&] { return integers(ends.emplace_back()); });
    if (key == "costs")
      return array([&] { return integers(edgeCosts.emplace_back()); });
    return skipValue();
  });
}

bool Parser::problem(Problem &result) {
  return object([&](const std::string &key) {
    if (key == "name")
      return string(result.name);
    if (key == "nodes")
      return nodes(result);
    if (key == "edges")
      return edges(result);
    if (key == "usage_limit")
      return integer(result.usageLimit.emplace());
    return skipValue();
  });
}

bool Parser::assemble(Problem &result) {
  size_t count = costs.size();
  auto sized = [&](const char *what, size_t size) {
    error = "\"nodes\" has " + std::to_string(count) + " \"costs\" but " + std::to_string(size) +
            " \"" + what + "\"";
    return false;
  };
  if (!usages.empty() && usages.size() != count)
    return sized("usages", usages.size());
  if (!intervals.empty() && intervals.size() != count)
    return sized("intervals", intervals.size());
  if (usages.empty() != intervals.empty())
    return sized(usages.empty() ? "usages" : "intervals", 0);
  if (!names.empty() && names.size() != count)
    return sized("names", names.size());
  if (!strategies.empty() && strategies.size() != count)
    return sized("strategies", strategies.size());
  if (ends.size() != edgeCosts.size()) {
    error = "\"edges\" has " + std::to_string(ends.size()) + " \"nodes\" but " +
            std::to_string(edgeCosts.size()) + " \"costs\"";
    return false;
  }
  result.nodes.resize(count);
  for (size_t n = 0; n < count; ++n) {
    result.nodes[n].costs = std::move(costs[n]);
    if (!names.empty())
      result.nodes[n].name = std::move(names[n]);
    if (!strategies.empty())
      result.nodes[n].strategies = std::move(strategies[n]);
    if (intervals.empty())
      continue;
    if (intervals[n].size() != 2) {
      error = "interval of node " + std::to_string(n) + " has " +
              std::to_string(intervals[n].size()) + " ends, not 2";
      return false;
    }
    result.nodes[n].uses.push_back({intervals[n][0], intervals[n][1], std::move(usages[n])});
  }
  result.edges.resize(ends.size());
  for (size_t e = 0; e < ends.size(); ++e) {
    if (ends[e].size() != 2) {
      error = "edge " + std::to_string(e) + " has " + std::to_string(ends[e].size()) +
              " ends, not 2";
      return false;
    }
    for (int64_t end : ends[e])
      if (end < 0 || end >= static_cast<int64_t>(count)) {
        error = "edge " + std::to_string(e) + " joins node " + std::to_string(end) +
                ", but there are only " + std::to_string(count) + " nodes";
        return false;
      }
    result.edges[e] = {static_cast<int>(ends[e][0]), static_cast<int>(ends[e][1]),
                       std::move(edgeCosts[e])};
  }
  if (auto fault = validate(result)) {
    error = *fault;
    return false;
  }
  return true;
}

std::optional<Problem> Parser::parse() {
  Problem result;
  bool sawProblem = false;
  bool parsed = object([&](const std::string &key) {
    if (key != "problem")
      return skipValue();
    sawProblem = true;
    return problem(result);
  });
  skipSpace();
  if (!parsed || (at < text.size() && !fail("text after the end of the problem")))
    return std::nullopt;
  if (!sawProblem || !sawNodes) {
    error = sawProblem ? "\"problem\" has no \"nodes\"" : "there is no \"problem\"";
    return std::nullopt;
  }
  if (!assemble(result))
    return std::nullopt;
  return result;
}

struct CloseFile {
  void operator()(gzFile_s *file) const { gzclose(file); }
};

} // namespace

std::optional<Problem> parseContestProblem(std::string_view text, std::string &error) {
  Parser parser(text);
  std::optional<Problem> problem = parser.parse();
  error = parser.error;
  return problem;
}

std::optional<Problem> readContestProblem(const std::string &path, std::string &error) {
  std::unique_ptr<gzFile_s, CloseFile> file(gzopen(path.c_str(), "rb")); // reads plain text too
  if (!file) {
    error = path + ": cannot be opened";
    return std::nullopt;
  }
  gzbuffer(file.get(), 1 << 18);
  std::string text;
  size_t size = 0;
  for (int got = 1; got > 0; size += got) {
    text.resize(std::max<size_t>(2 * size, 1 << 20));
    got = gzread(file.get(), text.data() + size,
                 static_cast<unsigned>(std::min<size_t>(text.size() - size, 1 << 30)));
    int code = Z_OK;
    const char *what = gzerror(file.get(), &code);
    if (got < 0 || (got == 0 && code != Z_OK && code != Z_STREAM_END)) {
      error = path + ": cannot be read: " + what;
      return std::nullopt;
    }
  }
  std::optional<Problem> problem =
      parseContestProblem(std::string_view(text).substr(0, size), error);
  if (!problem)
    error = path + ": " + error;
  return problem;
}

static void appendNumbers(std::string &out, const std::vector<int64_t> &values) {
  out += '[';
  for (size_t i = 0; i < values.size(); ++i) {
    if (i)
      out += ", ";
    out += std::to_string(values[i]);
  }
  out += ']';
}

static void appendName(std::string &out, const std::string &name) {
  out += '"';
  for (char c : name) {
    if (c == '"' || c == '\\')
      out += '\\';
    out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  out += '"';
}

/// A comma-separated list, one item a line.
template <typename Item> static void appendList(std::string &out, size_t count, const Item &item) {
  out += '[';
  for (size_t i = 0; i < count; ++i) {
    out += i ? ",\n        " : "\n        ";
    item(i);
  }
  out += "\n      ]";
}

/// As gzip writes it.
static std::string compressed(std::string_view text) {
  constexpr int gzipWindow = 15 + 16, memory = 8;
  z_stream stream = {};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzipWindow, memory,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  std::string packed;
  char buffer[1 << 16];
  int state = Z_OK;
  do {
    if (stream.avail_in == 0) { // zlib counts in 32 bits
      const size_t piece = std::min<size_t>(text.size(), 1 << 30);
      stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
      stream.avail_in = static_cast<uInt>(piece);
      text.remove_prefix(piece);
    }
    stream.next_out = reinterpret_cast<Bytef *>(buffer);
    stream.avail_out = sizeof buffer;
    state = deflate(&stream, text.empty() ? Z_FINISH : Z_NO_FLUSH);
    packed.append(buffer, sizeof buffer - stream.avail_out);
  } while (state == Z_OK);
  deflateEnd(&stream);
  return packed;
}

bool writeContestProblem(const Problem &problem, const std::string &path, std::string &error) {
  // One use a node: further ones move to followers.
  std::vector<Node> nodes;
  std::vector<Edge> edges = problem.edges;
  std::vector<Node> followers;
  for (size_t n = 0; n < problem.nodes.size(); ++n) {
    const Node &node = problem.nodes[n];
    size_t strategies = node.costs.size();
    nodes.push_back(node);
    if (node.uses.empty())
      nodes.back().uses = {{0, 0, std::vector<Bytes>(strategies, 0)}};
    nodes.back().uses.resize(1);
    for (size_t u = 1; u < node.uses.size(); ++u) {
      std::vector<Cost> tie(strategies * strategies, never);
      for (size_t s = 0; s < strategies; ++s)
        tie[s * strategies + s] = 0;
      edges.push_back({static_cast<int>(n),
                       static_cast<int>(problem.nodes.size() + followers.size()), tie});
      followers.push_back({node.name.empty() ? "" : node.name + "#" + std::to_string(u),
                           std::vector<Cost>(strategies, 0),
                           {node.uses[u]},
                           {}});
    }
  }
  nodes.insert(nodes.end(), followers.begin(), followers.end());

  std::string out = "{\n  \"problem\": {\n    \"name\": ";
  appendName(out, problem.name);
  out += ",\n    \"nodes\": {\n      \"intervals\": ";
  appendList(out, nodes.size(), [&](size_t n) {
    appendNumbers(out, {nodes[n].uses[0].begin, nodes[n].uses[0].end});
  });
  out += ",\n      \"costs\": ";
  appendList(out, nodes.size(), [&](size_t n) { appendNumbers(out, nodes[n].costs); });
  out += ",\n      \"usages\": ";
  appendList(out, nodes.size(), [&](size_t n) { appendNumbers(out, nodes[n].uses[0].bytes); });
  if (std::any_of(nodes.begin(), nodes.end(), [](const Node &n) { return !n.name.empty(); })) {
    out += ",\n      \"names\": ";
    appendList(out, nodes.size(), [&](size_t n) { appendName(out, nodes[n].name); });
  }
  if (std::any_of(nodes.begin(), nodes.end(),
                  [](const Node &n) { return !n.strategies.empty(); })) {
    out += ",\n      \"strategies\": ";
    appendList(out, nodes.size(), [&](size_t n) {
      out += '[';
      for (size_t s = 0; s < nodes[n].strategies.size(); ++s) {
        out += s ? ", " : "";
        appendName(out, nodes[n].strategies[s]);
      }
      out += ']';
    });
  }
  out += "\n    },\n    \"edges\": {\n      \"nodes\": ";
  appendList(out, edges.size(),
             [&](size_t e) { appendNumbers(out, {edges[e].from, edges[e].to}); });
  out += ",\n      \"costs\": ";
  appendList(out, edges.size(), [&](size_t e) { appendNumbers(out, edges[e].costs); });
  out += "\n    }";
  if (problem.usageLimit)
    out += ",\n    \"usage_limit\": " + std::to_string(*problem.usageLimit);
  out += "\n  }\n}\n";

  try {
    writeFile(path, path.ends_with(".gz") ? compressed(out) : out);
  } catch (const std::exception &fault) {
    error = fault.what();
    return false;
  }
  return true;
}

std::optional<Solution> readSolution(const std::string &path, const Problem &problem,
                                     std::string &error) {
  std::ifstream file(path);
  std::string line, last;
  while (std::getline(file, line))
    if (line.starts_with('['))
      last = line;
  if (last.empty()) {
    error = path + ": has no line that begins with '['";
    return std::nullopt;
  }
  std::replace(last.begin(), last.end(), ',', ' ');
  std::istringstream numbers(last.substr(1));
  Solution solution;
  for (int strategy; numbers >> strategy;)
    solution.push_back(strategy);
  numbers.clear();
  std::string rest;
  numbers >> rest;
  size_t nodes = problem.nodes.size();
  if (rest != "]")
    error = path + ": expected strategies and ']', found '" + rest + "'";
  else if (solution.size() != nodes)
    error = path + ": has " + std::to_string(solution.size()) + " strategies for " +
            std::to_string(nodes) + " nodes";
  for (size_t n = 0; n < nodes && error.empty(); ++n) {
    size_t strategies = problem.nodes[n].costs.size();
    if (solution[n] < 0 || static_cast<size_t>(solution[n]) >= strategies)
      error = path + ": " + problem.nodeName(static_cast<int>(n)) + " has no strategy " +
              std::to_string(solution[n]) + ", only " + std::to_string(strategies);
  }
  if (error.empty())
    return solution;
  return std::nullopt;
}

std::string printSolution(const Solution &solution) {
  std::string out = "[";
  for (size_t n = 0; n < solution.size(); ++n) {
    if (n)
      out += ", ";
    out += std::to_string(solution[n]);
  }
  return out + "]";
}

} // namespace autopar::ilp
