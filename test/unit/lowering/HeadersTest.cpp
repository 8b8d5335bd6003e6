// The table of calls against the headers of the runtime: the same fields, the same operands, by
// the same names and in the same order.
#include "dialects/rt/Target.h"

#include "llvm/ADT/STLExtras.h"

#include "gtest/gtest.h"

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

using namespace autopar;

namespace {

using Names = std::vector<std::string>;

std::string textOf(const std::string &file) {
  std::ifstream stream(RUNTIME_SOURCES "/" + file);
  std::ostringstream text;
  text << stream.rdbuf();
  EXPECT_FALSE(text.str().empty()) << file;
  return std::regex_replace(text.str(), std::regex("//[^\n]*"), "");
}

/// What stands between the brace or parenthesis at `open` and the one that closes it.
std::string inside(const std::string &text, size_t open, char opening, char closing) {
  int depth = 0;
  for (size_t i = open; i < text.size(); ++i) {
    depth += (text[i] == opening) - (text[i] == closing);
    if (depth == 0)
      return text.substr(open + 1, i - open - 1);
  }
  return "";
}

/// The body of a struct or class of this name; empty where there is none.
std::string bodyOf(const std::string &text, const std::string &name) {
  std::smatch match;
  if (!std::regex_search(text, match, std::regex("\\b(struct|class) " + name + "\\b[^;{]*\\{")))
    return "";
  return inside(text, match.position() + match.length() - 1, '{', '}');
}

/// The last identifier of each part between commas outside of <>.
Names lastNames(const std::string &list) {
  Names names;
  std::string part;
  int depth = 0;
  for (char c : list + ",") {
    depth += (c == '<') - (c == '>');
    if (c != ',' || depth > 0) {
      part += c;
      continue;
    }
    std::smatch match;
    if (std::regex_search(part, match, std::regex("(\\w+)\\s*(=[^,]*)?$")))
      names.push_back(match[1]);
    part.clear();
  }
  return names;
}

/// The members of an aggregate that are no functions.
Names membersOf(std::string body) {
  for (size_t open; (open = body.find('{')) != std::string::npos;)
    body.replace(open, inside(body, open, '{', '}').size() + 2, ";");
  Names members;
  std::istringstream lines(body);
  for (std::string line; std::getline(lines, line, ';');) {
    line = std::regex_replace(line, std::regex("\\s+"), " ");
    if (line.find('(') != std::string::npos ||
        !std::regex_search(line, std::regex("^ ?[\\w:<>* ]+ [*]?\\w+( =|,|$)")) ||
        line.find("struct ") != std::string::npos)
      continue;
    llvm::append_range(members, lastNames(line));
  }
  return members;
}

/// What each way to call an object of this class names.
std::vector<Names> overloadsOf(const std::string &body) {
  std::vector<Names> overloads;
  const std::string start = "operator()(";
  for (size_t at = 0; (at = body.find(start, at)) != std::string::npos; at += start.size()) {
    Names names = lastNames(inside(body, at + start.size() - 1, '(', ')'));
    llvm::erase_if(names, [](const std::string &name) {
      return name == "context" || name == "workspace" || name == "const";
    });
    overloads.push_back(names);
  }
  return overloads;
}

/// `some` of `all`, in their order.
bool areInOrder(const Names &some, const Names &all) {
  auto next = all.begin();
  return llvm::all_of(some, [&](const std::string &name) {
    next = std::find(next, all.end(), name);
    return next != all.end() && next++ != all.end();
  });
}

Names namesOf(llvm::ArrayRef<rt::Operand> operands) {
  Names names;
  for (const rt::Operand &operand : operands)
    names.push_back(operand.name.str());
  return names;
}

void checkOperands(const rt::Callee &callee, const std::string &body) {
  Names all = callee.inPlace ? Names() : namesOf(callee.inputs);
  llvm::append_range(all, namesOf(callee.outputs));
  std::set<std::string> named;
  for (const Names &overload : overloadsOf(body)) {
    EXPECT_TRUE(areInOrder(overload, all)) << testing::PrintToString(overload);
    for (llvm::ArrayRef<rt::Operand> operands : {callee.inputs, callee.outputs})
      for (const rt::Operand &operand : operands)
        if (operand.presence == rt::Operand::Always)
          EXPECT_TRUE(llvm::is_contained(overload, operand.name))
              << operand.name.str() << " is not in " << testing::PrintToString(overload);
    named.insert(overload.begin(), overload.end());
  }
  EXPECT_EQ(named, std::set<std::string>(all.begin(), all.end()));
}

Names fieldsOf(const rt::Callee &callee, bool columns) {
  Names names;
  for (const rt::Field &field : callee.fields)
    if ((field.type == rt::Field::Integers || field.type == rt::Field::Reals) == columns)
      names.push_back(field.name.str());
  return names;
}

void checkTable(const rt::Callee &callee, const std::string &body) {
  const std::string row = bodyOf(body, "Tensor");
  Names expected = fieldsOf(callee, /*columns=*/true);
  for (llvm::ArrayRef<llvm::StringRef> names : {callee.row.inputs, callee.row.outputs})
    for (llvm::StringRef name : names)
      expected.push_back(name.str());
  EXPECT_EQ(membersOf(row), expected);
  Names shared = fieldsOf(callee, /*columns=*/false);
  shared.push_back("tensors");
  EXPECT_EQ(membersOf(body), shared);
}

class Headers : public testing::TestWithParam<const char *> {};

TEST_P(Headers, haveWhatTheTableSays) {
  const rt::Target &target = *rt::findTarget(GetParam());
  const std::string generated = textOf("core/Elements.inc");
  unsigned checked = 0;
  for (const rt::Callee &callee : target.callees) {
    if (callee.form == rt::CallForm::Chain)
      continue; // The program's own.
    SCOPED_TRACE(callee.name.str());
    const std::string file = target.roomOf(callee).folder.str() + "/" + callee.header.str(),
                      name = callee.name.str(), body = bodyOf(textOf(file), name);
    if (body.empty()) {
      const bool isMissing = name == "Cast" && !target.hasNarrowTypes;
      EXPECT_TRUE(isMissing || generated.find("ARY(" + name + ",") != std::string::npos);
      continue;
    }
    ++checked;
    checkOperands(callee, body);
    if (callee.form == rt::CallForm::Table) {
      checkTable(callee, body);
    } else if (callee.form == rt::CallForm::Fields) {
      Names all;
      for (const rt::Field &field : callee.fields)
        all.push_back(field.name.str());
      EXPECT_EQ(membersOf(body), all);
    }
  }
  EXPECT_GT(checked, 50u);
}

INSTANTIATE_TEST_SUITE_P(Targets, Headers, testing::Values("cpu", "cuda"));

} // namespace
