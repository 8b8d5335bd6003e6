// All operations of the graph dialect, one family a file in ops/.

#ifndef AUTOPAR_GRAPH_OPS_TD
#define AUTOPAR_GRAPH_OPS_TD

include "dialects/graph/ops/Variable.td"
include "dialects/graph/ops/Conv2d.td"
include "dialects/graph/ops/BatchNorm.td"
include "dialects/graph/ops/Pool.td"
include "dialects/graph/ops/Linear.td"
include "dialects/graph/ops/Elementwise.td"
include "dialects/graph/ops/Reduction.td"
include "dialects/graph/ops/Einsum.td"
include "dialects/graph/ops/LayerNorm.td"
include "dialects/graph/ops/Gelu.td"
include "dialects/graph/ops/Embedding.td"
include "dialects/graph/ops/Attention.td"
include "dialects/graph/ops/Softmax.td"
include "dialects/graph/ops/Dropout.td"
include "dialects/graph/ops/Shape.td"
include "dialects/graph/ops/Loss.td"
include "dialects/graph/ops/LanguageLoss.td"
include "dialects/graph/ops/Sgd.td"
include "dialects/graph/ops/AdamW.td"
include "dialects/graph/ops/GradientNorm.td"
include "dialects/graph/ops/LossScale.td"
include "dialects/graph/ops/Accumulate.td"

#endif
