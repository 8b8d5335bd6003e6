#include "autopar/core/guard/WayBack.h"

using namespace autopar;

WayBack::WayBack(std::string path, std::function<void()> settle)
    : folder(std::move(path)), settle(std::move(settle)), before(newest()) {}

std::optional<WayBack::Checkpoint> WayBack::newest() const {
  if (folder.empty())
    return std::nullopt;
  const CheckpointFolder checkpoints(folder);
  const auto entry = checkpoints.newest();
  if (!entry)
    return std::nullopt;
  const std::filesystem::path file = checkpoints.path() / entry->name;
  std::error_code error; // one that has just gone is another one than it was
  return Checkpoint{file, entry->steps, std::filesystem::last_write_time(file, error)};
}

std::optional<WayBack::Checkpoint> WayBack::newestOfRun() const {
  const auto now = newest();
  return now == before ? std::nullopt : now;
}

std::string WayBack::text() const {
  std::optional<Checkpoint> now;
  settle();
  try {
    now = newest();
  } catch (const std::exception &) {
    // The error that is told is another.
  }
  return now ? "; the newest checkpoint is " + now->file.string() + ", from which --resume " +
                   folder + " goes on"
             : "";
}
