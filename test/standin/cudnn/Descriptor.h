// Backend descriptors: each is one of the real cuDNN's, and beside it what it was set to, from
// which the stand-in executes.
#ifndef AUTOPAR_TEST_STANDIN_CUDNN_DESCRIPTOR_H
#define AUTOPAR_TEST_STANDIN_CUDNN_DESCRIPTOR_H

#include <cudnn.h>

#include <cstring>
#include <map>
#include <memory>
#include <vector>

namespace standin::cudnn {

class Descriptor;
using DescriptorPtr = std::shared_ptr<const Descriptor>;

struct Attribute {
  int64_t count = 0;
  std::vector<char> bytes;                ///< of values
  std::vector<DescriptorPtr> descriptors; ///< where it is of descriptors
};

class Descriptor {
public:
  Descriptor(cudnnBackendDescriptorType_t type, cudnnBackendDescriptor_t real)
      : type(type), real(real) {}
  ~Descriptor();
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;

  bool has(cudnnBackendAttributeName_t name) const { return attributes.contains(name); }

  // What an attribute was set to, a bool as a char; one that is missing is reported.
  template <class T> std::vector<T> values(cudnnBackendAttributeName_t name) const {
    const Attribute &attribute = get(name);
    std::vector<T> result(attribute.bytes.size() / sizeof(T));
    std::memcpy(result.data(), attribute.bytes.data(), result.size() * sizeof(T));
    return result;
  }
  template <class T> T value(cudnnBackendAttributeName_t name) const {
    return values<T>(name).at(0);
  }
  template <class T> T valueOr(cudnnBackendAttributeName_t name, T otherwise) const {
    return has(name) ? value<T>(name) : otherwise;
  }
  const std::vector<DescriptorPtr> &descriptors(cudnnBackendAttributeName_t name) const {
    return get(name).descriptors;
  }
  const Descriptor &descriptor(cudnnBackendAttributeName_t name) const {
    return *descriptors(name).at(0);
  }

  const cudnnBackendDescriptorType_t type;
  const cudnnBackendDescriptor_t real;
  bool isFinal = false;
  bool hasHandle = false;          ///< set to one: a graph, or a plan that may be executed
  mutable int64_t plansOfGraph = 0; ///< that were tried for this graph
  int64_t orderOfPlan = 0;         ///< this plan's place among those
  std::map<cudnnBackendAttributeName_t, Attribute> attributes;

private:
  const Attribute &get(cudnnBackendAttributeName_t name) const;
};

/// What a handle of the program's stands for. They share: cuDNN keeps what a descriptor was set
/// to when the program has let go of it.
const std::shared_ptr<Descriptor> &of(cudnnBackendDescriptor_t handle);

/// The graph that an execution plan is of.
const Descriptor &graphOf(const Descriptor &plan);

} // namespace standin::cudnn

/// A handle that programs see.
struct cudnnContext {
  cudaStream_t stream = nullptr;
};

#endif // AUTOPAR_TEST_STANDIN_CUDNN_DESCRIPTOR_H
