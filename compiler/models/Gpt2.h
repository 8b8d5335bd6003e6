// GPT-2 in its four sizes, under the names of Hugging Face's checkpoints.
#ifndef AUTOPAR_COMPILER_MODELS_GPT2_H
#define AUTOPAR_COMPILER_MODELS_GPT2_H

#include "compiler/models/Models.h"

namespace autopar::models {

extern const Family gpt2;

} // namespace autopar::models

#endif
