// See Foreign.h.
#include "compiler/import/Foreign.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

namespace autopar::pt2 {

static constexpr llvm::StringLiteral wayOut =
    "; export the module with scripts/export-torch.py, or by torch.export.save";

std::string foreignFile(llvm::StringRef path) {
  if (llvm::sys::fs::is_directory(path))
    return "is a folder" + wayOut.str();
  uint64_t size = 0;
  if (std::error_code fault = llvm::sys::fs::file_size(path, size))
    return fault.message();
  auto file =
      llvm::MemoryBuffer::getFileSlice(path, std::min<uint64_t>(size, 16), /*Offset=*/0);
  if (!file)
    return file.getError().message();
  llvm::StringRef bytes = (*file)->getBuffer();
  if (bytes.empty())
    return "is empty";
  if (bytes.starts_with("PK"))
    return "";
  if (bytes[0] == '\x80' && bytes.size() > 1 && bytes[1] >= 2 && bytes[1] <= 5)
    return "is a pickle, which can run code and has no graph" + wayOut.str();
  // A protobuf whose first field is the format's version and whose second is the producer's
  // name.
  if (bytes.size() > 2 && bytes[0] == '\x08' && bytes[2] == '\x12')
    return "is an ONNX model, which has no training step" + wayOut.str();
  if (bytes.size() > 8 && bytes[8] == '{')
    return "is a safetensors file, which has weights and no graph" + wayOut.str();
  if (bytes.starts_with("module") || bytes.starts_with("#"))
    return "is text; a model in MLIR goes to autopar-compile as it is";
  return "is no zip archive, as torch.export writes" + wayOut.str();
}

std::string foreignArchive(const llvm::StringMap<uint64_t> &entries) {
  auto has = [&](llvm::StringRef entry) { return entries.contains(entry); };
  if (has("models/model.json"))
    return "";
  if (llvm::any_of(entries.keys(), [](llvm::StringRef entry) {
        return entry.starts_with("data/aotinductor/");
      }))
    return "is AOTInductor's package of compiled code, which has no graph" + wayOut.str();
  if (has("constants.pkl"))
    return "is a TorchScript archive, which has no training graph" + wayOut.str();
  if (has("data.pkl"))
    return "is what torch.save writes, which has weights and no graph" + wayOut.str();
  return "has no models/model.json: torch 2.9 or newer writes it" + wayOut.str();
}

} // namespace autopar::pt2
