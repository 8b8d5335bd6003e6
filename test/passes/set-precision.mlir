// RUN: autopar-opt %s --autopar-set-precision=precision=bf16 --mlir-use-nameloc-as-prefix -split-input-file | FileCheck %s
// RUN: autopar-opt %s --autopar-set-precision=precision=fp16 -split-input-file | FileCheck %s --check-prefix=HALF
// RUN: autopar-opt %s --autopar-set-precision=precision=tf32 -split-input-file | FileCheck %s --check-prefix=TF32
// RUN: autopar-opt %s --autopar-set-precision -split-input-file | FileCheck %s --check-prefix=SINGLE
// RUN: not autopar-opt %s --autopar-set-precision=precision=fp8 -split-input-file 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: autopar-opt %s --pass-pipeline="builtin.module(autopar-name-values,autopar-set-precision{precision=bf16},autopar-differentiate)" --mlir-use-nameloc-as-prefix -split-input-file | FileCheck %s --check-prefix=STEP

// UNKNOWN: error: unknown precision 'fp8'; there are f32, tf32, bf16 and fp16
// SINGLE-NOT: bf16
// TF32: module attributes {{{.*}}graph.tf32}
// TF32-NOT: bf16
// HALF: graph.conv2d {{.*}} -> tensor<8x4x4x16xf16>

// A classifier: images are cast where they come in, labels stay; parameters are f32, and so is the
// loss.
// CHECK-LABEL: func.func @model
// CHECK-SAME: (%images: tensor<8x4x4x3xf32>
// CHECK-NEXT: %images.cast = graph.cast %images : (tensor<8x4x4x3xf32>) -> tensor<8x4x4x3xbf16>
// CHECK: graph.conv2d %images.cast, %{{.*}} -> tensor<8x4x4x16xbf16>
// CHECK: graph.batch_norm {{.*}} -> tensor<8x4x4x16xbf16>
// CHECK: graph.add {{.*}} -> tensor<8x4x4x16xbf16>
// CHECK: graph.reshape {{.*}} -> tensor<8x256xbf16>
// CHECK: graph.linear {{.*}} -> tensor<8x10xbf16>
// CHECK: graph.bias_add {{.*}} : (tensor<8x10xbf16>, tensor<10xf32>) -> tensor<8x10xbf16>
// CHECK: graph.softmax_cross_entropy {{.*}} : (tensor<8x10xbf16>, tensor<8xi32>) -> tensor<f32>

// Gradients are of their values' types: an activation's of 16 bits, a parameter's in f32.
// STEP-LABEL: func.func @step
// STEP: graph.linear_weight_grad {{.*}} : (tensor<8x256xbf16>, tensor<8x10xbf16>) -> tensor<10x256xf32>
// STEP: graph.batch_norm_grad_input {{.*}} -> tensor<8x4x4x16xbf16>
// STEP: graph.conv2d_weight_grad {{.*}} : (tensor<8x4x4x3xbf16>, tensor<8x4x4x16xbf16>) -> tensor<16x3x3x3xf32>
// STEP: graph.sgd {{.*}} : (tensor<10x256xf32>, tensor<10x256xf32>
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1>} {
  func.func @model(%images: tensor<8x4x4x3xf32> {graph.input = "images"} loc("images"), %labels: tensor<8xi32> {graph.input = "labels"}) -> tensor<f32> {
    %w = graph.variable parameter "w" : tensor<16x3x3x3xf32> = #graph.constant<0.5>
    %gamma = graph.variable parameter "gamma" : tensor<16xf32> = #graph.constant<1.0>
    %beta = graph.variable parameter "beta" : tensor<16xf32> = #graph.constant<0.0>
    %mean = graph.variable state "mean" : tensor<16xf32> = #graph.constant<0.0>
    %var = graph.variable state "var" : tensor<16xf32> = #graph.constant<1.0>
    %fc = graph.variable parameter "fc" : tensor<10x256xf32> = #graph.constant<0.5>
    %b = graph.variable parameter "b" : tensor<10xf32> = #graph.constant<0.0>
    %conv = graph.conv2d %images, %w {padding = array<i64: 1, 1, 1, 1>} : (tensor<8x4x4x3xf32>, tensor<16x3x3x3xf32>) -> tensor<8x4x4x16xf32>
    %bn = graph.batch_norm %conv, %gamma, %beta, %mean, %var : (tensor<8x4x4x16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<8x4x4x16xf32>
    %sum = graph.add %bn, %conv : (tensor<8x4x4x16xf32>, tensor<8x4x4x16xf32>) -> tensor<8x4x4x16xf32>
    %flat = graph.reshape %sum : (tensor<8x4x4x16xf32>) -> tensor<8x256xf32>
    %y = graph.linear %flat, %fc : (tensor<8x256xf32>, tensor<10x256xf32>) -> tensor<8x10xf32>
    %logits = graph.bias_add %y, %b : (tensor<8x10xf32>, tensor<10xf32>) -> tensor<8x10xf32>
    %loss = graph.softmax_cross_entropy %logits, %labels {count = 8 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
    return %loss : tensor<f32>
  }
}

// -----

// A language model: what the lookup finds is cast, and a part of the position table is read as it
// is. An einsum of an activation and a weight is of the activation's type.
// CHECK-LABEL: func.func @model
// CHECK: %[[ROWS:.*]] = graph.embedding {{.*}} -> tensor<2x4x8xf32>
// CHECK-NEXT: %rows.cast = graph.cast %[[ROWS]] : (tensor<2x4x8xf32>) -> tensor<2x4x8xbf16>
// CHECK: graph.slice {{.*}} -> tensor<4x8xf32>
// CHECK: graph.bias_add %rows.cast, %{{.*}} : (tensor<2x4x8xbf16>, tensor<4x8xf32>) -> tensor<2x4x8xbf16>
// CHECK: graph.layer_norm {{.*}} -> (tensor<2x4x8xbf16>, tensor<2x4xf32>, tensor<2x4xf32>)
// CHECK: graph.einsum "btc,vc->btv" {{.*}} : (tensor<2x4x8xbf16>, tensor<16x8xf32>) -> tensor<2x4x16xbf16>
// CHECK: graph.language_loss {{.*}} : (tensor<2x4x16xbf16>, tensor<2x4xi32>) -> tensor<f32>

// The table's two gradients, of the logits and of the lookup, are f32 and added up so.
// STEP-LABEL: func.func @step
// STEP: graph.einsum "btc,btv->vc" {{.*}} : (tensor<2x4x8xbf16>, tensor<2x4x16xbf16>) -> tensor<16x8xf32>
// STEP: graph.layer_norm_grad_parameters {{.*}} -> (tensor<8xf32>, tensor<8xf32>)
// STEP: graph.bias_grad {{.*}} : (tensor<2x4x8xbf16>) -> tensor<4x8xf32>
// STEP: graph.cast {{.*}} : (tensor<2x4x8xbf16>) -> tensor<2x4x8xf32>
// STEP: graph.embedding_grad {{.*}} : (tensor<2x4xi32>, tensor<2x4x8xf32>) -> tensor<16x8xf32>
// STEP: graph.add {{.*}} -> tensor<16x8xf32>
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1>} {
  func.func @model(%tokens: tensor<2x4xi32> {graph.input = "tokens"}, %labels: tensor<2x4xi32> {graph.input = "labels"}) -> tensor<f32> {
    %table = graph.variable parameter "table" : tensor<16x8xf32> = #graph.constant<0.5>
    %positions = graph.variable parameter "positions" : tensor<6x8xf32> = #graph.constant<0.5>
    %gamma = graph.variable parameter "gamma" : tensor<8xf32> = #graph.constant<1.0>
    %beta = graph.variable parameter "beta" : tensor<8xf32> = #graph.constant<0.0>
    %rows = graph.embedding %tokens, %table : (tensor<2x4xi32>, tensor<16x8xf32>) -> tensor<2x4x8xf32> loc("rows")
    %used = graph.slice %positions {dim = 0 : i64, begin = 0 : i64, length = 4 : i64} : (tensor<6x8xf32>) -> tensor<4x8xf32>
    %x = graph.bias_add %rows, %used : (tensor<2x4x8xf32>, tensor<4x8xf32>) -> tensor<2x4x8xf32>
    %y, %mean, %rstd = graph.layer_norm %x, %gamma, %beta : (tensor<2x4x8xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4xf32>, tensor<2x4xf32>)
    %logits = graph.einsum "btc,vc->btv" %y, %table : (tensor<2x4x8xf32>, tensor<16x8xf32>) -> tensor<2x4x16xf32>
    %loss = graph.language_loss %logits, %labels {count = 8 : i64, valid = 16 : i64} : (tensor<2x4x16xf32>, tensor<2x4xi32>) -> tensor<f32>
    return %loss : tensor<f32>
  }
}

// -----

// A learned token before a text's: what is put together is of one element type, and the gradient of
// the parameter is f32 again.
// CHECK-LABEL: func.func @model
// CHECK: %rows.cast = graph.cast %rows : (tensor<2x4x8xf32>) -> tensor<2x4x8xbf16>
// CHECK: %first.cast = graph.cast %first : (tensor<2x1x8xf32>) -> tensor<2x1x8xbf16>
// CHECK: graph.concat %first.cast, %rows.cast {dim = 1 : i64} : (tensor<2x1x8xbf16>, tensor<2x4x8xbf16>) -> tensor<2x5x8xbf16>
// STEP-LABEL: func.func @step
// STEP: %first.grad = graph.cast %first.cast.grad : (tensor<2x1x8xbf16>) -> tensor<2x1x8xf32>
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1>} {
  func.func @model(%tokens: tensor<2x4xi32> {graph.input = "tokens"}, %labels: tensor<2x5xi32> {graph.input = "labels"}) -> tensor<f32> {
    %table = graph.variable parameter "table" : tensor<16x8xf32> = #graph.constant<0.5>
    %first = graph.variable parameter "first" : tensor<2x1x8xf32> = #graph.constant<0.5> loc("first")
    %rows = graph.embedding %tokens, %table : (tensor<2x4xi32>, tensor<16x8xf32>) -> tensor<2x4x8xf32> loc("rows")
    %x = graph.concat %first, %rows {dim = 1 : i64} : (tensor<2x1x8xf32>, tensor<2x4x8xf32>) -> tensor<2x5x8xf32>
    %logits = graph.einsum "btc,vc->btv" %x, %table : (tensor<2x5x8xf32>, tensor<16x8xf32>) -> tensor<2x5x16xf32>
    %loss = graph.language_loss %logits, %labels {count = 10 : i64, valid = 16 : i64} : (tensor<2x5x16xf32>, tensor<2x5xi32>) -> tensor<f32>
    return %loss : tensor<f32>
  }
}
