#include "autopar/core/OutputFile.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <random>
#include <stdexcept>
#include <utility>

using namespace autopar;

namespace {

[[noreturn]] void cannotWrite(const std::filesystem::path &path, int error) {
  throw std::runtime_error(path.string() + ": cannot write: " + std::strerror(error));
}

/// `NAME.k3x9q2ab.tmp`, as long as a name may be.
std::string nameBeside(const std::string &name) {
  constexpr size_t longest = 255;
  constexpr std::string_view letters = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::random_device random;
  std::string end = ".";
  for (int i = 0; i < 8; ++i)
    end += letters[random() % letters.size()];
  end += ".tmp";
  return name.substr(0, longest - end.size()) + end;
}

/// A new file beside the destination, and its descriptor; -1 with errno where none can be made.
int createBeside(const Destination &destination, std::filesystem::path &fresh) {
  for (int tries = 0; tries < 100; ++tries) {
    fresh = destination.folder() / nameBeside(destination.file().filename());
    const int made = open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (made >= 0 || errno != EEXIST)
      return made;
  }
  return -1;
}

/// In a folder such as /tmp nobody may replace another's file.
bool mayReplace(const Destination &destination) {
  struct stat folder;
  const uid_t self = geteuid();
  return !destination.present() || self == 0 || destination.present()->st_uid == self ||
         stat(destination.folder().c_str(), &folder) != 0 ||
         !(folder.st_mode & S_ISVTX) || folder.st_uid == self;
}

/// The new file is for whom the old one was, as far as this process can give it away.
void takeOver(int descriptor, const struct stat &old) {
  struct stat made;
  if (fstat(descriptor, &made) == 0 &&
      (made.st_uid != old.st_uid || made.st_gid != old.st_gid) &&
      fchown(descriptor, old.st_uid, old.st_gid) != 0)
    return; // with the permissions that this process gives its files
  (void)fchmod(descriptor, old.st_mode & 0777);
}

/// A name is on disk when its folder is. Some file systems have no way to say so.
void synchroniseFolder(const std::filesystem::path &folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    return;
  (void)fsync(descriptor);
  close(descriptor);
}

} // namespace

OutputFile::OutputFile(const std::filesystem::path &path) : given(path), destination(path) {
  int descriptor = -1;
  if (destination.isFile()) {
    if (!mayReplace(destination))
      cannotWrite(given, EPERM);
    descriptor = createBeside(destination, fresh);
    if (descriptor < 0)
      cannotWrite(given, errno);
    if (destination.present())
      takeOver(descriptor, *destination.present());
  } else {
    descriptor = destination.open();
  }
  stream = fdopen(descriptor, "wb");
  if (!stream) {
    const int error = errno;
    close(descriptor);
    if (!fresh.empty())
      unlink(fresh.c_str());
    cannotWrite(given, error);
  }
}

OutputFile::~OutputFile() {
  if (stream)
    std::fclose(stream);
  if (!fresh.empty())
    unlink(fresh.c_str());
}

void OutputFile::write(const void *data, size_t bytes) {
  if (bytes && std::fwrite(data, 1, bytes, stream) != bytes)
    cannotWrite(given, errno);
}

void OutputFile::rewrite(long at, std::string_view text) {
  if (std::fseek(stream, at, SEEK_SET) != 0)
    cannotWrite(given, errno);
  write(text);
  if (std::fseek(stream, 0, SEEK_END) != 0)
    cannotWrite(given, errno);
}

void OutputFile::finish() {
  bool done = std::fflush(stream) == 0;
  if (!fresh.empty())
    done = done && fsync(fileno(stream)) == 0;
  int error = errno;
  if (std::fclose(std::exchange(stream, nullptr)) != 0 && done) {
    done = false;
    error = errno;
  }
  if (!done)
    cannotWrite(given, error);
  if (fresh.empty())
    return;
  if (std::rename(fresh.c_str(), destination.file().c_str()) != 0)
    cannotWrite(given, errno);
  fresh.clear();
  synchroniseFolder(destination.folder());
}

void OutputFile::check(const std::filesystem::path &path) {
  // To open a pipe would wait for its reader, and to close it end that.
  if (Destination(path).isFile())
    OutputFile{path};
}

void autopar::writeFile(const std::filesystem::path &path, std::string_view text) {
  OutputFile file(path);
  file.write(text);
  file.finish();
}
