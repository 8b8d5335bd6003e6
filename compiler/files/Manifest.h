// What of a folder is autopar's: a list of the files that it wrote there, with the digest of each,
// in the folder and in the form of sha256sum. A file that is not listed, or that is another by now,
// is the user's.
#ifndef AUTOPAR_COMPILER_FILES_MANIFEST_H
#define AUTOPAR_COMPILER_FILES_MANIFEST_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <map>
#include <set>
#include <string>

namespace autopar {

class Manifest {
public:
  static constexpr llvm::StringLiteral fileName = "manifest.sha256";

  /// That of a folder; an empty one where the folder has none. An error where it is not as autopar
  /// writes it: it may name nothing outside the folder.
  static llvm::Expected<Manifest> read(llvm::StringRef folder);
  /// Of all files that lie in a folder now.
  static llvm::Expected<Manifest> of(llvm::StringRef folder);

  llvm::Error write(llvm::StringRef folder) const;

  /// Both lists: while one set of files takes the place of another, a file is of either.
  void add(const Manifest &other);

  bool empty() const { return digests.empty(); }
  bool lists(const std::string &file) const { return digests.count(file); }
  bool lists(const std::string &file, const std::string &digest) const {
    auto found = digests.find(file);
    return found != digests.end() && found->second.count(digest);
  }
  /// Relative paths, and each one's digests.
  const std::map<std::string, std::set<std::string>> &files() const { return digests; }

private:
  std::map<std::string, std::set<std::string>> digests;
};

/// The SHA-256 of a file's bytes, in hexadecimal digits.
llvm::Expected<std::string> digestOf(llvm::StringRef file);

} // namespace autopar

#endif
