// Files that people take for an export: each is named for what it is, with the way to one.
#ifndef AUTOPAR_COMPILER_IMPORT_FOREIGN_H
#define AUTOPAR_COMPILER_IMPORT_FOREIGN_H

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace autopar::pt2 {

/// What a file is that is no zip, by how it begins; empty for a zip.
std::string foreignFile(llvm::StringRef path);

/// What a zip is that torch.export did not write, by the entries that it has; empty for an
/// export.
std::string foreignArchive(const llvm::StringMap<uint64_t> &entries);

} // namespace autopar::pt2

#endif
