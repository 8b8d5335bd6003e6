// Reads and writes plans. See PlanFile.h.
#include "passes/sharding/PlanFile.h"

#include "compiler/files/Files.h"
#include "compiler/json/Json.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

namespace autopar {

static llvm::Error error(llvm::StringRef path, const llvm::Twine &message) {
  return llvm::createStringError("plan file " + path + ": " + message);
}

llvm::Expected<PlanFile> PlanFile::read(llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/true,
                                          /*RequiresNullTerminator=*/true, /*IsVolatile=*/true);
  if (!buffer)
    return error(path, buffer.getError().message());
  return parse((*buffer)->getBuffer(), path);
}

llvm::Expected<PlanFile> PlanFile::parse(llvm::StringRef text, llvm::StringRef path) {
  llvm::Expected<llvm::json::Value> json = parseJson(text);
  if (!json)
    return error(path, llvm::toString(json.takeError()));
  const llvm::json::Object *top = json->getAsObject();
  auto mesh = top ? top->getString("mesh") : std::nullopt;
  const llvm::json::Object *functions = top ? top->getObject("functions") : nullptr;
  if (!mesh || !functions)
    return error(path, "needs a \"mesh\" and \"functions\"");

  PlanFile plan;
  plan.mesh = mesh->str();
  for (const auto &[function, values] : *functions) {
    const llvm::json::Object *object = values.getAsObject();
    if (!object)
      return error(path, "\"" + function.str() + "\" is not an object of values by name");
    PlanText &entries = plan.functions[function.str()];
    for (const auto &[value, strategy] : *object) {
      std::optional<llvm::StringRef> text = strategy.getAsString();
      if (!text)
        return error(path, "the strategy of \"" + value.str() +
                               "\" is not a string such as \"S0R = S0R x RR\"");
      entries.emplace_back(value.str(), text->str());
    }
  }
  return plan;
}

llvm::Expected<PlanFile> PlanFile::readFor(llvm::StringRef mesh, llvm::StringRef path) {
  llvm::Expected<PlanFile> plan = read(path);
  if (plan && plan->mesh != mesh)
    return llvm::createStringError("plan file " + path + " is for mesh " + plan->mesh +
                                   ", not " + mesh);
  return plan;
}

llvm::Error PlanFile::write(llvm::StringRef path) const {
  return writeFile(path, [&](llvm::raw_ostream &out) {
    llvm::json::OStream json(out, 2);
    json.object([&] {
      json.attribute("mesh", mesh);
      json.attributeObject("functions", [&] {
        for (const auto &[function, values] : functions)
          json.attributeObject(function, [&] {
            for (const auto &[value, strategy] : values)
              json.attribute(value, strategy);
          });
      });
    });
    out << '\n';
  });
}

} // namespace autopar
