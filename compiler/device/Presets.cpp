// Finds a preset in its folder or among the compiled-in ones (EmbeddedPresets.inc, which CMake
// writes from the same files).
#include "compiler/device/Presets.h"

#include "compiler/files/Installed.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <iterator>

namespace autopar {

namespace {
struct Embedded {
  llvm::StringLiteral name, json;
};
constexpr Embedded embedded[] = {
#include "EmbeddedPresets.inc"
};
} // namespace

static std::string presetFolder() {
  return broughtFolder("share/autopar/presets", AUTOPAR_PRESET_FOLDER);
}

std::optional<std::string> readPreset(llvm::StringRef name) {
  if (auto file = llvm::MemoryBuffer::getFile(presetFolder() + "/" + name + ".json",
                                              /*IsText=*/true))
    return (*file)->getBuffer().str();
  for (const Embedded &preset : embedded)
    if (preset.name == name)
      return preset.json.str();
  return std::nullopt;
}

llvm::SmallVector<std::string> presetNames() {
  llvm::SmallVector<std::string> names;
  for (const Embedded &preset : embedded)
    names.push_back(preset.name.str());
  // Presets that were put into the folder since the build.
  std::error_code error;
  for (llvm::sys::fs::directory_iterator file(presetFolder(), error), end; !error && file != end;
       file.increment(error))
    if (llvm::sys::path::extension(file->path()) == ".json")
      names.push_back(llvm::sys::path::stem(file->path()).str());
  llvm::sort(names);
  names.erase(llvm::unique(names), names.end());
  return names;
}

} // namespace autopar
