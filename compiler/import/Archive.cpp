// See Archive.h.
#include "compiler/import/Archive.h"

#include "compiler/import/Foreign.h"

#include "llvm/Support/FileSystem.h"

#include <zip.h>

namespace autopar::pt2 {

void Archive::Closer::operator()(zip *open) const { zip_discard(open); }

llvm::Error Archive::error(const llvm::Twine &what) const {
  return llvm::createStringError(file + ": " + what);
}

llvm::Expected<Archive> Archive::open(llvm::StringRef path) {
  Archive archive;
  archive.file = path.str();
  if (std::string foreign = foreignFile(path); !foreign.empty())
    return archive.error(foreign);
  if (std::error_code code = llvm::sys::fs::file_size(path, archive.fileBytes))
    return archive.error(code.message());
  int code = 0;
  archive.handle.reset(zip_open(archive.file.c_str(), ZIP_RDONLY, &code));
  if (!archive.handle) {
    zip_error_t fault;
    zip_error_init_with_code(&fault, code);
    std::string reason = zip_error_strerror(&fault);
    zip_error_fini(&fault);
    return archive.error("is no whole zip archive (" + reason + "); copy or export it again");
  }
  if (llvm::Error fault = archive.list())
    return fault;
  return archive;
}

llvm::Error Archive::list() {
  for (zip_int64_t i = 0, count = zip_get_num_entries(handle.get(), 0); i < count; ++i) {
    const char *name = zip_get_name(handle.get(), i, ZIP_FL_ENC_RAW);
    if (!name)
      return error("entry " + llvm::Twine(i) + " has no name");
    llvm::StringRef inside = llvm::StringRef(name).split('/').second;
    if (!inside.empty() && !entries.try_emplace(inside, i).second)
      return error("has the entry '" + inside + "' twice");
  }
  std::string foreign = foreignArchive(entries);
  return foreign.empty() ? llvm::Error::success() : error(foreign);
}

llvm::Expected<std::string> Archive::read(llvm::StringRef entry) const {
  auto found = entries.find(entry);
  if (found == entries.end())
    return error("has no entry '" + entry + "'");
  zip_stat_t facts;
  constexpr zip_uint64_t wanted = ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD;
  if (zip_stat_index(handle.get(), found->second, 0, &facts) != 0 ||
      (facts.valid & wanted) != wanted)
    return error("entry '" + entry + "' has no size");
  if (facts.comp_method != ZIP_CM_STORE)
    return error("entry '" + entry +
                 "' is compressed, which torch.export never does; export the model again");
  if (facts.size > fileBytes)
    return error("entry '" + entry + "' would have " + llvm::Twine(facts.size) +
                 " bytes; the file has " + llvm::Twine(fileBytes));
  std::string bytes(facts.size, '\0');
  zip_file_t *open = zip_fopen_index(handle.get(), found->second, 0);
  if (!open)
    return error("entry '" + entry + "': " + zip_strerror(handle.get()));
  // One byte more than there should be: at the entry's end its checksum is looked at.
  uint64_t got = 0;
  zip_int64_t more = 1;
  while (more > 0 && got < bytes.size()) {
    more = zip_fread(open, bytes.data() + got, bytes.size() - got);
    got += more > 0 ? more : 0;
  }
  char beyond;
  bool whole = got == bytes.size() && zip_fread(open, &beyond, 1) == 0;
  std::string reason = zip_file_strerror(open);
  zip_fclose(open);
  if (!whole)
    return error("entry '" + entry + "' is damaged after " + llvm::Twine(got) + " of " +
                 llvm::Twine(bytes.size()) + " bytes (" + reason + ")");
  return bytes;
}

} // namespace autopar::pt2
