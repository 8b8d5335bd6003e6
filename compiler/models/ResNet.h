// The residual networks of torchvision, and their CIFAR form.
#ifndef AUTOPAR_COMPILER_MODELS_RESNET_H
#define AUTOPAR_COMPILER_MODELS_RESNET_H

#include "compiler/models/Models.h"

namespace autopar::models {

extern const Family resNet;

} // namespace autopar::models

#endif
