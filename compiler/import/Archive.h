// The zip that torch.export writes: its entries under the names behind the archive's own folder
// (`models/model.json`). Anything may stand in a file that somebody hands us: an entry is read
// if it is stored as it is and its checksum holds, and no size is believed that the file cannot
// have.
#ifndef AUTOPAR_COMPILER_IMPORT_ARCHIVE_H
#define AUTOPAR_COMPILER_IMPORT_ARCHIVE_H

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>

struct zip;

namespace autopar::pt2 {

class Archive {
public:
  /// Errors name the file, and what it is where it is another kind of file.
  static llvm::Expected<Archive> open(llvm::StringRef path);

  bool has(llvm::StringRef entry) const { return entries.contains(entry); }
  /// All bytes of an entry.
  llvm::Expected<std::string> read(llvm::StringRef entry) const;

  llvm::StringRef path() const { return file; }
  /// An error that names the file.
  llvm::Error error(const llvm::Twine &what) const;

private:
  struct Closer {
    void operator()(zip *open) const;
  };

  llvm::Error list();

  std::string file;
  uint64_t fileBytes = 0;
  std::unique_ptr<zip, Closer> handle;
  llvm::StringMap<uint64_t> entries; ///< to their numbers
};

} // namespace autopar::pt2

#endif
