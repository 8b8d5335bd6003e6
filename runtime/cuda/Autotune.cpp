// See Autotune.h.
#include "autopar/cuda/Autotune.h"

#include "autopar/core/Nesting.h"
#include "autopar/core/OutputFile.h"
#include "autopar/cuda/Planning.h"

#include <cudnn.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

using namespace autopar;
using cuda::Autotune;

static nlohmann::json read(const std::string &file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  const std::string json = text.str();
  return nlohmann::json::parse(nestsWithin(json) ? json : "", nullptr,
                               /*allow_exceptions=*/false);
}

Autotune::Autotune(std::string path)
    : file(std::move(path)),
      device(plannedDevice().name + ", cuDNN " + std::to_string(cudnnGetVersion())) {
  OutputFile::check(file);
  if (!std::filesystem::exists(file))
    return;
  try {
    read(file).get_to(ofDevices);
  } catch (const nlohmann::json::exception &) {
    throw std::runtime_error("--autotune " + file +
                             ": is no file of choices that a run under --autotune has left; "
                             "name another, or remove it");
  }
}

Autotune::~Autotune() {
  if (choiceRecord() == this)
    chooseBy(nullptr);
}

std::optional<std::string> Autotune::find(const std::string &call) const {
  if (const auto choices = ofDevices.find(device); choices != ofDevices.end())
    if (const auto known = choices->second.find(call); known != choices->second.end())
      return known->second;
  return std::nullopt;
}

void Autotune::keep(const std::string &call, const std::string &choice) {
  ofDevices[device][call] = choice;
  isNew = true;
}

void Autotune::save() {
  if (!std::exchange(isNew, false))
    return;
  writeFile(file, nlohmann::json(ofDevices).dump(2) + "\n");
}
