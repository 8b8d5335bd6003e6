// See Arguments.h.
#include "compiler/import/Arguments.h"

namespace autopar::pt2 {

Arguments::Arguments(const Node &node, llvm::StringRef signature) {
  llvm::SmallVector<llvm::StringRef> parameters;
  signature.split(parameters, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (llvm::StringRef parameter : parameters) {
    auto [name, written] = parameter.split('=');
    auto given = node.named.find(name.str());
    if (given != node.named.end()) {
      arguments.emplace(name.str(), given->second);
      continue;
    }
    Argument byDefault;
    if (!written.empty())
      byDefault.value = llvm::cantFail(llvm::json::parse(written));
    else
      reason = "its argument '" + name.str() + "' is missing";
    arguments.emplace(name.str(), std::move(byDefault));
  }
  for (const auto &[name, argument] : node.named)
    if (!arguments.contains(name) && argument.kind != Argument::Kind::Other &&
        (argument.kind == Argument::Kind::Tensors || !argument.value.getAsNull()))
      reason = "its argument '" + name + "' is not read";
}

const Argument &Arguments::find(llvm::StringRef name) const {
  static const Argument null; // of forms that lack it
  auto found = arguments.find(name);
  return found == arguments.end() ? null : found->second;
}

bool Arguments::has(llvm::StringRef name) const {
  const Argument &argument = find(name);
  return argument.kind != Argument::Kind::Value || !argument.value.getAsNull();
}

llvm::StringRef Arguments::tensor(llvm::StringRef name) const {
  const Argument &argument = find(name);
  return argument.tensors.size() == 1 && !argument.isList ? llvm::StringRef(argument.tensors[0])
                                                          : llvm::StringRef();
}

llvm::ArrayRef<std::string> Arguments::tensors(llvm::StringRef name) const {
  return find(name).tensors;
}

std::optional<double> Arguments::number(llvm::StringRef name) const {
  return find(name).value.getAsNumber();
}

std::optional<int64_t> Arguments::integer(llvm::StringRef name) const {
  return find(name).value.getAsInteger();
}

std::optional<double> Arguments::numberIn(llvm::StringRef name, size_t index) const {
  const llvm::json::Array *list = find(name).value.getAsArray();
  return list && index < list->size() ? (*list)[index].getAsNumber() : std::nullopt;
}

std::optional<bool> Arguments::boolean(llvm::StringRef name) const {
  return find(name).value.getAsBoolean();
}

llvm::StringRef Arguments::text(llvm::StringRef name) const {
  return find(name).value.getAsString().value_or("");
}

std::optional<llvm::SmallVector<int64_t>> Arguments::integers(llvm::StringRef name,
                                                              size_t count) const {
  const llvm::json::Value &value = find(name).value;
  llvm::SmallVector<int64_t> numbers;
  if (std::optional<int64_t> one = value.getAsInteger()) {
    numbers.push_back(*one);
  } else if (const llvm::json::Array *list = value.getAsArray()) {
    for (const llvm::json::Value &entry : *list) {
      std::optional<int64_t> number = entry.getAsInteger();
      if (!number)
        return std::nullopt;
      numbers.push_back(*number);
    }
  } else {
    return std::nullopt;
  }
  if (count > 0 && numbers.size() == 1)
    numbers.resize(count, numbers[0]);
  if (count > 0 && numbers.size() != count)
    return std::nullopt;
  return numbers;
}

} // namespace autopar::pt2
