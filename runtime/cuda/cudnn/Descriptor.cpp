// See Descriptor.h.
#include "autopar/cuda/cudnn/Descriptor.h"

#include <algorithm>
#include <string>

using namespace autopar::cuda;
using cudnn::Descriptor;
using Name = cudnnBackendAttributeName_t;

Descriptor::Descriptor(cudnnBackendDescriptorType_t type) {
  cudnnBackendDescriptor_t made = nullptr;
  check(cudnnBackendCreateDescriptor(type, &made));
  owned = {made, [](void *descriptor) { cudnnBackendDestroyDescriptor(descriptor); }};
  described = std::to_string(type) + '{';
}

/// Bytes of one value: of the types that are set here.
static size_t bytesOf(cudnnBackendAttributeType_t type) {
  switch (type) {
  case CUDNN_TYPE_INT64:
  case CUDNN_TYPE_DOUBLE:
  case CUDNN_TYPE_VOID_PTR:
    return 8;
  case CUDNN_TYPE_BOOLEAN:
  case CUDNN_TYPE_CHAR:
    return 1;
  default: // enumerations
    return 4;
  }
}

Descriptor &Descriptor::set(Name name, cudnnBackendAttributeType_t type, int64_t count,
                            const void *values) {
  check(cudnnBackendSetAttribute(get(), name, type, count, values));
  if (type != CUDNN_TYPE_BACKEND_DESCRIPTOR && type != CUDNN_TYPE_HANDLE) {
    described += std::to_string(name) + ':' + std::to_string(count) + ':';
    described.append(static_cast<const char *>(values), count * bytesOf(type));
  }
  return *this;
}

Descriptor &Descriptor::set(Name name, int64_t value) {
  return set(name, CUDNN_TYPE_INT64, 1, &value);
}
Descriptor &Descriptor::set(Name name, std::span<const int64_t> values) {
  return set(name, CUDNN_TYPE_INT64, std::ssize(values), values.data());
}
Descriptor &Descriptor::set(Name name, double value) {
  return set(name, CUDNN_TYPE_DOUBLE, 1, &value);
}
Descriptor &Descriptor::set(Name name, bool value) {
  return set(name, CUDNN_TYPE_BOOLEAN, 1, &value);
}
Descriptor &Descriptor::set(Name name, const Descriptor &value) {
  return set(name, std::span(&value, 1));
}
Descriptor &Descriptor::set(Name name, std::span<const Descriptor> values) {
  std::vector<cudnnBackendDescriptor_t> raw;
  for (const Descriptor &value : values)
    raw.push_back(value.get());
  described += std::to_string(name) + ':';
  for (const Descriptor &value : values)
    described += value.described + '}';
  return set(name, CUDNN_TYPE_BACKEND_DESCRIPTOR, std::ssize(raw), raw.data());
}
Descriptor &Descriptor::set(Name name, std::string_view text) {
  return set(name, CUDNN_TYPE_CHAR, std::ssize(text), text.data());
}
Descriptor &Descriptor::set(Name name, cudnnDataType_t value) {
  return set(name, CUDNN_TYPE_DATA_TYPE, 1, &value);
}
Descriptor &Descriptor::set(Name name, cudnnConvolutionMode_t value) {
  return set(name, CUDNN_TYPE_CONVOLUTION_MODE, 1, &value);
}
Descriptor &Descriptor::set(Name name, cudnnBackendHeurMode_t value) {
  return set(name, CUDNN_TYPE_HEUR_MODE, 1, &value);
}
Descriptor &Descriptor::set(Name name, cudnnPointwiseMode_t value) {
  return set(name, CUDNN_TYPE_POINTWISE_MODE, 1, &value);
}
Descriptor &Descriptor::set(Name name, cudnnReduceTensorOp_t value) {
  return set(name, CUDNN_TYPE_REDUCTION_OPERATOR_TYPE, 1, &value);
}
Descriptor &Descriptor::set(Name name, cudnnGenStatsMode_t value) {
  return set(name, CUDNN_TYPE_GENSTATS_MODE, 1, &value);
}
Descriptor &Descriptor::set(Name name, std::span<void *const> pointers) {
  return set(name, CUDNN_TYPE_VOID_PTR, std::ssize(pointers), pointers.data());
}
Descriptor &Descriptor::set(Name name, cudnnHandle_t handle) {
  return set(name, CUDNN_TYPE_HANDLE, 1, &handle);
}

Descriptor &Descriptor::finalize(std::source_location where) {
  check(cudnnBackendFinalize(get()), where);
  return *this;
}

bool Descriptor::tryFinalize() { return cudnnBackendFinalize(get()) == CUDNN_STATUS_SUCCESS; }

int64_t Descriptor::integer(Name name) const {
  int64_t value = 0, count = 0;
  check(cudnnBackendGetAttribute(get(), name, CUDNN_TYPE_INT64, 1, &count, &value));
  return value;
}

cudnnBackendKnobType_t Descriptor::knobType() const {
  cudnnBackendKnobType_t value = {};
  int64_t count = 0;
  check(cudnnBackendGetAttribute(get(), CUDNN_ATTR_KNOB_CHOICE_KNOB_TYPE, CUDNN_TYPE_KNOB_TYPE, 1,
                                 &count, &value));
  return value;
}

std::string Descriptor::text(Name name) const {
  int64_t size = 0;
  check(cudnnBackendGetAttribute(get(), name, CUDNN_TYPE_CHAR, 0, &size, nullptr));
  std::string result(size, '\0');
  check(cudnnBackendGetAttribute(get(), name, CUDNN_TYPE_CHAR, size, &size, result.data()));
  result.resize(std::min<size_t>(result.size(), result.find('\0')));
  return result;
}

std::vector<Descriptor> Descriptor::descriptors(Name name,
                                                cudnnBackendDescriptorType_t type,
                                                int64_t most) const {
  int64_t count = most;
  if (!most)
    check(cudnnBackendGetAttribute(get(), name, CUDNN_TYPE_BACKEND_DESCRIPTOR, 0, &count,
                                   nullptr));
  std::vector<Descriptor> result;
  std::vector<cudnnBackendDescriptor_t> raw;
  for (int64_t i = 0; i < count; ++i)
    raw.push_back(result.emplace_back(type).get());
  check(cudnnBackendGetAttribute(get(), name, CUDNN_TYPE_BACKEND_DESCRIPTOR,
                                 std::ssize(raw), &count, raw.data()));
  result.erase(result.begin() + count, result.end()); // It may promise more than it gives.
  return result;
}

template <class Note> static constexpr cudnnBackendAttributeType_t typeOfNote();
template <>
constexpr cudnnBackendAttributeType_t typeOfNote<cudnnBackendNumericalNote_t>() {
  return CUDNN_TYPE_NUMERICAL_NOTE;
}
template <>
constexpr cudnnBackendAttributeType_t typeOfNote<cudnnBackendBehaviorNote_t>() {
  return CUDNN_TYPE_BEHAVIOR_NOTE;
}

template <class Note> bool Descriptor::has(Name name, Note note) const {
  constexpr int64_t most = 32; // There are 10 and 5 of them.
  Note notes[most];
  int64_t count = 0;
  check(cudnnBackendGetAttribute(get(), name, typeOfNote<Note>(), most, &count, notes));
  return std::find(notes, notes + std::min(count, most), note) != notes + std::min(count, most);
}

template bool Descriptor::has(Name, cudnnBackendNumericalNote_t) const;
template bool Descriptor::has(Name, cudnnBackendBehaviorNote_t) const;
