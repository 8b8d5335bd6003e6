// cuDNN's functions on backend descriptors. See Descriptor.h.
#include "standin/cudnn/Descriptor.h"

#include "standin/Report.h"
#include "standin/cudnn/Library.h"
#include "standin/cudnn/Rehearsal.h"
#include "standin/device/Properties.h"

#include <string>

using namespace standin;
using namespace standin::cudnn;
using cudnn::Descriptor;

Descriptor::~Descriptor() { STANDIN_REAL(cudnnBackendDestroyDescriptor)(real); }

const Attribute &Descriptor::get(cudnnBackendAttributeName_t name) const {
  const auto found = attributes.find(name);
  if (found == attributes.end())
    report("cuDNN's descriptor of type " + std::to_string(type) + " has no attribute " +
           std::to_string(name));
  return found->second;
}

const std::shared_ptr<Descriptor> &standin::cudnn::of(cudnnBackendDescriptor_t handle) {
  return *static_cast<std::shared_ptr<Descriptor> *>(handle);
}

const Descriptor &standin::cudnn::graphOf(const Descriptor &plan) {
  return plan.descriptor(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG)
      .descriptor(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH);
}

static size_t bytesOf(cudnnBackendAttributeType_t type) {
  switch (type) {
  case CUDNN_TYPE_INT64:
  case CUDNN_TYPE_DOUBLE:
  case CUDNN_TYPE_VOID_PTR:
    return 8;
  case CUDNN_TYPE_BOOLEAN:
  case CUDNN_TYPE_CHAR:
    return 1;
  default:
    return 4; // An enumeration, CUDNN_TYPE_INT32 or CUDNN_TYPE_FLOAT.
  }
}

/// Describes the device to the real cuDNN, which finds none here.
static cudnnStatus_t describeDevice(cudnnBackendDescriptor_t properties) {
  const std::string json = cudnnDescription();
  return STANDIN_REAL(cudnnBackendSetAttribute)(
      properties, CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION, CUDNN_TYPE_CHAR,
      static_cast<int64_t>(json.size()), json.data());
}

/// Where a handle says which device is meant, the device's description does so.
static cudnnStatus_t setDevice(cudnnBackendDescriptor_t real,
                               cudnnBackendAttributeName_t name) {
  cudnnBackendDescriptor_t properties = nullptr;
  cudnnStatus_t status = STANDIN_REAL(cudnnBackendCreateDescriptor)(
      CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR, &properties);
  if (status == CUDNN_STATUS_SUCCESS)
    status = describeDevice(properties);
  if (status == CUDNN_STATUS_SUCCESS)
    status = STANDIN_REAL(cudnnBackendFinalize)(properties);
  if (status == CUDNN_STATUS_SUCCESS)
    status = STANDIN_REAL(cudnnBackendSetAttribute)(real, name, CUDNN_TYPE_BACKEND_DESCRIPTOR,
                                                    1, &properties);
  if (properties)
    STANDIN_REAL(cudnnBackendDestroyDescriptor)(properties);
  return status;
}

cudnnStatus_t cudnnBackendCreateDescriptor(cudnnBackendDescriptorType_t type,
                                           cudnnBackendDescriptor_t *handle) {
  cudnnBackendDescriptor_t real = nullptr;
  const cudnnStatus_t status = STANDIN_REAL(cudnnBackendCreateDescriptor)(type, &real);
  if (status == CUDNN_STATUS_SUCCESS)
    *handle = new std::shared_ptr<Descriptor>(std::make_shared<Descriptor>(type, real));
  return status;
}

cudnnStatus_t cudnnBackendDestroyDescriptor(cudnnBackendDescriptor_t handle) {
  delete static_cast<std::shared_ptr<Descriptor> *>(handle);
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnBackendSetAttribute(cudnnBackendDescriptor_t handle,
                                       cudnnBackendAttributeName_t name,
                                       cudnnBackendAttributeType_t type, int64_t count,
                                       const void *values) {
  Descriptor &descriptor = *of(handle);
  if (type == CUDNN_TYPE_HANDLE) {
    descriptor.hasHandle = true;
    if (name == CUDNN_ATTR_EXECUTION_PLAN_HANDLE)
      return setDevice(descriptor.real, CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP);
    return CUDNN_STATUS_SUCCESS; // A graph's is for the heuristics that are asked about it.
  }
  if (name == CUDNN_ATTR_DEVICEPROP_DEVICE_ID)
    return describeDevice(descriptor.real);
  Attribute attribute;
  attribute.count = count;
  cudnnStatus_t status;
  if (type == CUDNN_TYPE_BACKEND_DESCRIPTOR) {
    std::vector<cudnnBackendDescriptor_t> reals;
    for (int64_t i = 0; i < count; ++i) {
      const auto &set = of(static_cast<const cudnnBackendDescriptor_t *>(values)[i]);
      if (!set->isFinal)
        report("cuDNN's attribute " + std::to_string(name) +
               " is set to a descriptor that is not final");
      attribute.descriptors.push_back(set);
      reals.push_back(set->real);
    }
    status = STANDIN_REAL(cudnnBackendSetAttribute)(descriptor.real, name, type, count,
                                                    reals.data());
  } else {
    const auto *const bytes = static_cast<const char *>(values);
    attribute.bytes.assign(bytes, bytes + count * bytesOf(type));
    status = STANDIN_REAL(cudnnBackendSetAttribute)(descriptor.real, name, type, count, values);
  }
  if (status == CUDNN_STATUS_SUCCESS)
    descriptor.attributes[name] = std::move(attribute);
  return status;
}

cudnnStatus_t cudnnBackendFinalize(cudnnBackendDescriptor_t handle) {
  Descriptor &descriptor = *of(handle);
  cudnnStatus_t status = CUDNN_STATUS_SUCCESS;
  if (descriptor.type == CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR &&
      descriptor.descriptor(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH).hasHandle)
    status = setDevice(descriptor.real, CUDNN_ATTR_ENGINEHEUR_DEVICEPROP);
  if (descriptor.type == CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR) {
    descriptor.orderOfPlan = graphOf(descriptor).plansOfGraph++;
    if (descriptor.orderOfPlan < rehearsal().refuses)
      return CUDNN_STATUS_NOT_SUPPORTED;
  }
  if (status == CUDNN_STATUS_SUCCESS)
    status = STANDIN_REAL(cudnnBackendFinalize)(descriptor.real);
  descriptor.isFinal = status == CUDNN_STATUS_SUCCESS;
  return status;
}

cudnnStatus_t cudnnBackendGetAttribute(const cudnnBackendDescriptor_t handle,
                                       cudnnBackendAttributeName_t name,
                                       cudnnBackendAttributeType_t type, int64_t wanted,
                                       int64_t *count, void *values) {
  const Descriptor &descriptor = *of(handle);
  if (type != CUDNN_TYPE_BACKEND_DESCRIPTOR || !values)
    return STANDIN_REAL(cudnnBackendGetAttribute)(descriptor.real, name, type, wanted, count,
                                                  values);
  auto *const given = static_cast<cudnnBackendDescriptor_t *>(values);
  std::vector<cudnnBackendDescriptor_t> reals;
  for (int64_t i = 0; i < wanted; ++i)
    reals.push_back(of(given[i])->real);
  const cudnnStatus_t status = STANDIN_REAL(cudnnBackendGetAttribute)(
      descriptor.real, name, type, wanted, count, reals.data());
  if (status != CUDNN_STATUS_SUCCESS)
    return status;
  for (int64_t i = 0; i < std::min(wanted, *count); ++i) {
    Descriptor &result = *of(given[i]);
    result.isFinal = true;
    // The configurations that a heuristic gives are of its graph.
    if (name == CUDNN_ATTR_ENGINEHEUR_RESULTS)
      result.attributes[CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH] =
          descriptor.attributes.at(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH);
  }
  return status;
}
