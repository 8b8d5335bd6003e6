// See Manifest.h.
#include "compiler/files/Manifest.h"

#include "compiler/files/Files.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"

namespace autopar {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static constexpr size_t digestLength = 64;

llvm::Expected<std::string> digestOf(llvm::StringRef file) {
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return fileError("read '" + file + "'", buffer.getError());
  llvm::SHA256 hash;
  hash.update((*buffer)->getBuffer());
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

/// `autopar/core/Arena.h`: never out of the folder.
static bool isWithin(llvm::StringRef file) {
  llvm::SmallVector<llvm::StringRef> parts;
  file.split(parts, '/');
  return llvm::all_of(parts, [](llvm::StringRef part) {
    return !part.empty() && part != "." && part != "..";
  });
}

llvm::Expected<Manifest> Manifest::read(llvm::StringRef folder) {
  const std::string file = inFolder(folder, fileName);
  Manifest manifest;
  fs::file_status status;
  if (fs::status(file, status, /*follow=*/false) == std::errc::no_such_file_or_directory)
    return manifest;
  auto bad = [&](const llvm::Twine &what) {
    return llvm::createStringError(
        "'" + file + "' " + what +
        ", and so does not say which files are autopar's; name another folder");
  };
  if (!fs::is_regular_file(status))
    return bad("is no regular file");
  auto buffer = llvm::MemoryBuffer::getFile(file);
  if (!buffer)
    return fileError("read '" + file + "'", buffer.getError());
  llvm::SmallVector<llvm::StringRef> lines;
  (*buffer)->getBuffer().split(lines, '\n', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (auto [number, line] : llvm::enumerate(lines)) {
    llvm::StringRef digest = line.take_front(digestLength), rest = line.substr(digestLength);
    if (digest.size() != digestLength || !llvm::all_of(digest, llvm::isHexDigit) ||
        !rest.consume_front("  ") || !isWithin(rest))
      return bad("is not as autopar wrote it in line " + llvm::Twine(number + 1));
    manifest.digests[rest.str()].insert(digest.str());
  }
  return manifest;
}

llvm::Expected<Manifest> Manifest::of(llvm::StringRef folder) {
  Manifest manifest;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error, /*follow_symlinks=*/false), end;
       !error && entry != end; entry.increment(error)) {
    if (entry->type() == fs::file_type::directory_file)
      continue;
    llvm::Expected<std::string> digest = digestOf(entry->path());
    if (!digest)
      return digest.takeError();
    llvm::StringRef relative = entry->path();
    relative.consume_front(folder);
    manifest.digests[relative.ltrim('/').str()].insert(*digest);
  }
  if (error)
    return fileError("read the folder '" + folder + "'", error);
  return manifest;
}

llvm::Error Manifest::write(llvm::StringRef folder) const {
  return writeFile(inFolder(folder, fileName), [&](llvm::raw_ostream &out) {
    for (const auto &[file, all] : digests)
      for (const std::string &digest : all)
        out << digest << "  " << file << '\n';
  });
}

void Manifest::add(const Manifest &other) {
  for (const auto &[file, all] : other.digests)
    digests[file].insert(all.begin(), all.end());
}

} // namespace autopar
