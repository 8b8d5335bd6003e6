// The device models that come with the compiler. They are files in presets/, and compiled in as
// well, so that an installed tool finds them; the folder wins where it exists, so that a figure
// can be changed without a build.
#ifndef AUTOPAR_COMPILER_DEVICE_PRESETS_H
#define AUTOPAR_COMPILER_DEVICE_PRESETS_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace autopar {

/// The JSON of a preset; none when there is none of this name.
std::optional<std::string> readPreset(llvm::StringRef name);

/// In alphabetical order.
llvm::SmallVector<std::string> presetNames();

} // namespace autopar

#endif // AUTOPAR_COMPILER_DEVICE_PRESETS_H
