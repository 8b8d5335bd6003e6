// How programs by chance are written: a line a call, on values that have names.
#ifndef AUTOPAR_TEST_UNIT_LOWERING_RANDOMTEXT_H
#define AUTOPAR_TEST_UNIT_LOWERING_RANDOMTEXT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FormatVariadic.h"

#include <random>
#include <string>
#include <vector>

namespace autopar {

class RandomText {
public:
  /// A value that the function returns.
  struct Result {
    std::string name, type;
  };

protected:
  explicit RandomText(unsigned seed) : random(seed) {}

  /// Evenly from 0 up to below `below`.
  int draw(int below) { return std::uniform_int_distribution(0, below - 1)(random); }
  std::string fresh() { return llvm::formatv("%v{0}", number++); }

  template <class... Words> void line(const char *format, Words &&...words) {
    body += "  " + llvm::formatv(format, std::forward<Words>(words)...).str() + "\n";
  }
  std::string variable(llvm::StringRef kind, const std::string &type) {
    const std::string name = fresh();
    line("{0} = graph.variable {1} \"{2}\" : {3} = #graph.constant<0.0>", name, kind,
         name.substr(1), type);
    return name;
  }
  void assign(const std::string &variable, const std::string &value, const std::string &type) {
    line("graph.assign \"{0}\" = {1} : {2}", variable.substr(1), value, type);
  }

  /// One of `values` that `fits`, as a rule the latest, which is then marked as read.
  template <typename Value, typename Fits> Value take(std::vector<Value> &values, Fits fits) {
    std::vector<Value *> fitting;
    for (Value &value : values)
      if (fits(value))
        fitting.push_back(&value);
    Value *chosen = draw(3) ? fitting.back() : fitting[draw(fitting.size())];
    chosen->isRead = true;
    return *chosen;
  }
  /// Returns what nobody reads, and a few of the others.
  template <typename Value> void returnUnread(const std::vector<Value> &values) {
    for (const Value &value : values)
      if (!value.isRead || draw(8) == 0)
        results.push_back({value.name, value.type()});
  }

  /// A function of what has been written since the last one.
  std::string function(llvm::StringRef name, llvm::StringRef arguments);

  std::string body;
  std::vector<Result> results;

private:
  std::mt19937 random;
  int number = 0;
};

/// `, type = bf16`; nothing for f32, which fields of a configuration are otherwise.
std::string elementField(llvm::StringRef name, const std::string &element);

/// The CUDA target's module on a mesh of so many ranks.
std::string cudaModule(int ranks, llvm::StringRef functions);

} // namespace autopar

#endif
