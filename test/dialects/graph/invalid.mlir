// RUN: autopar-opt %s -split-input-file -verify-diagnostics

func.func @dynamic(%x: tensor<?x32x32x3xf32>, %w: tensor<64x3x3x3xf32>) {
  // expected-error@below {{'graph.conv2d' op has a dynamic shape; autopar plans memory to the byte, so every dimension must be a number}}
  %y = graph.conv2d %x, %w : (tensor<?x32x32x3xf32>, tensor<64x3x3x3xf32>) -> tensor<?x30x30x64xf32>
  return
}

// -----

func.func @double_precision(%x: tensor<8x32x32x3xf64>, %w: tensor<64x3x3x3xf32>) {
  // expected-error@below {{'graph.conv2d' op operand #0 must be 4D tensor of 32-bit float or bfloat16 type or 16-bit float values}}
  %y = graph.conv2d %x, %w : (tensor<8x32x32x3xf64>, tensor<64x3x3x3xf32>) -> tensor<8x30x30x64xf64>
  return
}

// -----

//===- variables --------------------------------------------------------------------------===//

func.func @name_that_is_not_utf8() {
  // expected-error@below {{'graph.variable' op "f\E9c" has a name that is not UTF-8, which no checkpoint can hold; rename it}}
  %w = graph.variable parameter "f\E9c" : tensor<4xf32> = #graph.constant<0.0>
  return
}

// -----

func.func @name_with_a_nul() {
  // expected-error@below {{'graph.variable' op "a\00b" has a name that holds a NUL, which no checkpoint can hold; rename it}}
  %w = graph.variable parameter "a\00b" : tensor<4xf32> = #graph.constant<0.0>
  return
}

// -----

func.func @name_of_the_metadata() {
  // expected-error@below {{'graph.variable' op has the name "__metadata__", which checkpoints have for what is no tensor; rename it}}
  %w = graph.variable parameter "__metadata__" : tensor<4xf32> = #graph.constant<0.0>
  return
}

// -----

func.func @no_name() {
  // expected-error@below {{'graph.variable' op has no name, by which checkpoints keep it}}
  %w = graph.variable parameter "" : tensor<4xf32> = #graph.constant<0.0>
  return
}

// -----

func.func @no_initialiser() {
  // expected-error@below {{attribute 'init' failed to satisfy constraint: #graph.constant, #graph.normal, #graph.uniform or dense<...>}}
  %w = graph.variable parameter "w" : tensor<4xf32> = 1.0
  return
}

// -----

func.func @negative_deviation() {
  // expected-error@below {{a deviation is -0.5; it must be finite in f32 and not negative}}
  %w = graph.variable parameter "w" : tensor<4xf32> = #graph.normal<-0.5>
  return
}

// -----

func.func @negative_bound() {
  // expected-error@below {{a bound is -0.5; it must be finite in f32 and not negative}}
  %w = graph.variable parameter "w" : tensor<4xf32> = #graph.uniform<-0.5>
  return
}

// -----

func.func @unknown_kind() {
  // expected-error@below {{for attribute 'kind' [parameter, state, slot, constant]}}
  %w = graph.variable buffer "w" : tensor<4xf32> = #graph.constant<0.0>
  return
}

// -----

//===- convolution ------------------------------------------------------------------------===//

func.func @one_stride(%x: tensor<8x32x32x3xf32>, %w: tensor<64x3x3x3xf32>) {
  // expected-error@below {{a 2-d convolution has 2 strides, 2 dilations and 4 paddings (top, left, bottom, right), not 1, 2 and 2}}
  // expected-error@below {{'graph.conv2d' op failed to infer returned types}}
  %y = graph.conv2d %x, %w {strides = array<i64: 1>, padding = array<i64: 1, 1>}
     : (tensor<8x32x32x3xf32>, tensor<64x3x3x3xf32>) -> tensor<8x32x32x64xf32>
  return
}

// -----

func.func @groups(%x: tensor<8x32x32x9xf32>, %w: tensor<64x3x1x1xf32>) {
  // expected-error@below {{3 groups do not divide 9 input and 64 output channels}}
  // expected-error@below {{'graph.conv2d' op failed to infer returned types}}
  %y = graph.conv2d %x, %w {groups = 3 : i64}
     : (tensor<8x32x32x9xf32>, tensor<64x3x1x1xf32>) -> tensor<8x32x32x64xf32>
  return
}

// -----

func.func @no_group(%x: tensor<8x32x32x9xf32>, %w: tensor<64x9x1x1xf32>) {
  // expected-error@below {{attribute 'groups' failed to satisfy constraint: whole number from 1 to 2147483647; it is 0 : i64 here}}
  %y = graph.conv2d %x, %w {groups = 0 : i64}
     : (tensor<8x32x32x9xf32>, tensor<64x9x1x1xf32>) -> tensor<8x32x32x64xf32>
  return
}

// -----

func.func @input_channels(%x: tensor<8x32x32x8xf32>, %w: tensor<64x3x1x1xf32>) {
  // expected-error@below {{weight is for 6 input channels, the input has 8}}
  // expected-error@below {{'graph.conv2d' op failed to infer returned types}}
  %y = graph.conv2d %x, %w {groups = 2 : i64}
     : (tensor<8x32x32x8xf32>, tensor<64x3x1x1xf32>) -> tensor<8x32x32x64xf32>
  return
}

// -----

func.func @window_too_large(%x: tensor<8x4x4x3xf32>, %w: tensor<64x3x3x3xf32>) {
  // A 3x3 window with dilation 2 spans 5 rows.
  // expected-error@below {{a window of 3x3 does not fit an image of 4x4 with these strides, paddings and dilations}}
  // expected-error@below {{'graph.conv2d' op failed to infer returned types}}
  %y = graph.conv2d %x, %w {dilations = array<i64: 2, 2>}
     : (tensor<8x4x4x3xf32>, tensor<64x3x3x3xf32>) -> tensor<8x1x1x64xf32>
  return
}

// -----

func.func @no_stride(%x: tensor<8x4x4x3xf32>, %w: tensor<64x3x3x3xf32>) {
  // expected-error@below {{attribute 'strides' failed to satisfy constraint: i64 dense array attribute from 1 to 2147483647; it is array<i64: 0, 1> here}}
  %y = graph.conv2d %x, %w {strides = array<i64: 0, 1>}
     : (tensor<8x4x4x3xf32>, tensor<64x3x3x3xf32>) -> tensor<8x2x2x64xf32>
  return
}

// -----

func.func @output_shape(%x: tensor<8x32x32x3xf32>, %w: tensor<64x3x3x3xf32>) {
  // expected-error@below {{'graph.conv2d' op inferred type(s) 'tensor<8x30x30x64xf32>' are incompatible with return type(s) of operation 'tensor<8x32x32x64xf32>'}}
  // expected-error@below {{'graph.conv2d' op failed to infer returned types}}
  %y = graph.conv2d %x, %w : (tensor<8x32x32x3xf32>, tensor<64x3x3x3xf32>) -> tensor<8x32x32x64xf32>
  return
}

// -----

func.func @input_gradient(%dy: tensor<8x17x17x64xf32>, %w: tensor<64x16x3x3xf32>) {
  // 35 rows at stride 2 would have left 18.
  // expected-error@below {{'graph.conv2d_input_grad' op has an output of [8, 17, 17, 64] where its other shapes give [8, 18, 18, 64]}}
  %dx = graph.conv2d_input_grad %dy, %w {strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 1, 1>}
      : (tensor<8x17x17x64xf32>, tensor<64x16x3x3xf32>) -> tensor<8x35x35x16xf32>
  return
}

// -----

func.func @weight_gradient(%x: tensor<8x32x32x16xf32>, %dy: tensor<8x30x30x64xf32>) {
  // expected-error@below {{'graph.conv2d_weight_grad' op has an output of [8, 30, 30, 64] where its other shapes give [8, 28, 28, 64]}}
  %dw = graph.conv2d_weight_grad %x, %dy
      : (tensor<8x32x32x16xf32>, tensor<8x30x30x64xf32>) -> tensor<64x16x5x5xf32>
  return
}

// -----

//===- batch norm -------------------------------------------------------------------------===//

func.func @channels(%x: tensor<8x4x4x64xf32>, %gamma: tensor<32xf32>, %beta: tensor<64xf32>) {
  %mean = graph.variable state "mean" : tensor<64xf32> = #graph.constant<0.0>
  %var = graph.variable state "var" : tensor<64xf32> = #graph.constant<1.0>
  // expected-error@below {{'graph.batch_norm' op has 64 channels and an operand of 'tensor<32xf32>'}}
  %y = graph.batch_norm %x, %gamma, %beta, %mean, %var
     : (tensor<8x4x4x64xf32>, tensor<32xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
     -> tensor<8x4x4x64xf32>
  return
}

// -----

func.func @statistics_not_kept(%x: tensor<8x4x4x64xf32>, %c: tensor<64xf32>) {
  // expected-error@below {{'graph.batch_norm' op keeps running statistics in a value that is not a graph.variable}}
  %y = graph.batch_norm %x, %c, %c, %c, %c
     : (tensor<8x4x4x64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
     -> tensor<8x4x4x64xf32>
  return
}

// -----

func.func @momentum(%x: tensor<8x4x4x64xf32>, %c: tensor<64xf32>) {
  %mean = graph.variable state "mean" : tensor<64xf32> = #graph.constant<0.0>
  %var = graph.variable state "var" : tensor<64xf32> = #graph.constant<1.0>
  // expected-error@below {{attribute 'momentum' failed to satisfy constraint: 64-bit float attribute in [0, 1]; it is 9.000000e+00 : f64 here}}
  %y = graph.batch_norm %x, %c, %c, %mean, %var {momentum = 9.0}
     : (tensor<8x4x4x64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
     -> tensor<8x4x4x64xf32>
  return
}

// -----

func.func @one_value_a_channel(%x: tensor<1x1x1x64xf32>, %c: tensor<64xf32>) {
  %mean = graph.variable state "mean" : tensor<64xf32> = #graph.constant<0.0>
  %var = graph.variable state "var" : tensor<64xf32> = #graph.constant<1.0>
  // expected-error@below {{'graph.batch_norm' op has one value a channel in 'tensor<1x1x1x64xf32>'; a variance needs two: a larger batch or image}}
  %y = graph.batch_norm %x, %c, %c, %mean, %var
     : (tensor<1x1x1x64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
     -> tensor<1x1x1x64xf32>
  return
}

// -----

func.func @normalized_to_another_shape(%x: tensor<8x4x4x64xf32>, %c: tensor<64xf32>) {
  // expected-error@below {{'graph.batch_norm_inference' op failed to verify that all of {input, output} have same type}}
  %y = graph.batch_norm_inference %x, %c, %c, %c, %c {epsilon = 1.0e-5}
     : (tensor<8x4x4x64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
     -> tensor<8x8x8x64xf32>
  return
}

// -----

func.func @residual(%x: tensor<8x4x4x64xf32>, %stats: tensor<2x64xf64>, %c: tensor<64xf32>,
                    %shortcut: tensor<8x8x8x64xf32>) {
  // expected-error@below {{'graph.batch_norm_apply' op has a value of [8, 8, 8, 64] where its first operand asks for [8, 4, 4, 64]}}
  %y = graph.batch_norm_apply %x, %stats, %c, %c, %shortcut {count = 128 : i64, epsilon = 1.0e-5}
     : (tensor<8x4x4x64xf32>, tensor<2x64xf64>, tensor<64xf32>, tensor<64xf32>,
        tensor<8x8x8x64xf32>) -> tensor<8x4x4x64xf32>
  return
}

// -----

func.func @sums(%x: tensor<8x4x4x64xf32>, %stats: tensor<1x64xf64>) {
  // expected-error@below {{'graph.batch_norm_grad_sums' op has a value of [1, 64] where its first operand asks for [2, 64]}}
  %sums = graph.batch_norm_grad_sums %x, %stats, %x {count = 128 : i64, epsilon = 1.0e-5}
        : (tensor<8x4x4x64xf32>, tensor<1x64xf64>, tensor<8x4x4x64xf32>) -> tensor<2x64xf64>
  return
}

// -----

func.func @stats(%x: tensor<8x4x4x64xf32>) {
  // expected-error@below {{'graph.batch_norm_stats' op has a value of [2, 32] where its first operand asks for [2, 64]}}
  %stats = graph.batch_norm_stats %x : (tensor<8x4x4x64xf32>) -> tensor<2x32xf64>
  return
}

// -----

func.func @scale(%x: tensor<8x4x4x64xf32>, %stats: tensor<2x64xf64>, %gamma: tensor<32xf32>) {
  // expected-error@below {{'graph.batch_norm_grad_input' op has a value of [32] where its first operand asks for [64]}}
  %dx = graph.batch_norm_grad_input %x, %stats, %gamma, %stats, %x {count = 128 : i64, epsilon = 1.0e-5}
      : (tensor<8x4x4x64xf32>, tensor<2x64xf64>, tensor<32xf32>, tensor<2x64xf64>,
         tensor<8x4x4x64xf32>) -> tensor<8x4x4x64xf32>
  return
}

// -----

func.func @three_sums(%sums: tensor<3x64xf64>) {
  // expected-error@below {{'graph.batch_norm_grad_parameters' op has a value of [3, 64] where its first operand asks for [2, 64]}}
  %dgamma, %dbeta = graph.batch_norm_grad_parameters %sums
      : (tensor<3x64xf64>) -> (tensor<64xf32>, tensor<64xf32>)
  return
}

// -----

func.func @count(%stats: tensor<2x64xf64>, %c: tensor<64xf32>) {
  // expected-error@below {{'graph.batch_norm_running' op has count 1; it is the rows of the whole batch, at least 2}}
  %m, %v = graph.batch_norm_running %stats, %c, %c {count = 1 : i64, momentum = 0.1}
      : (tensor<2x64xf64>, tensor<64xf32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>)
  return
}

// -----

//===- pools ------------------------------------------------------------------------------===//

func.func @pool_padding(%x: tensor<8x8x8x3xf32>) {
  // expected-error@below {{a pool has 2 kernel sizes, 2 strides and 4 paddings (top, left, bottom, right), not 2, 2 and 2}}
  // expected-error@below {{'graph.avg_pool' op failed to infer returned types}}
  %y = graph.avg_pool %x {kernel = array<i64: 2, 2>, padding = array<i64: 1, 1>}
     : (tensor<8x8x8x3xf32>) -> tensor<8x9x9x3xf32>
  return
}

// -----

func.func @pool_kernel(%x: tensor<8x8x8x3xf32>) {
  // expected-error@below {{a pool has 2 kernel sizes, 2 strides and 4 paddings (top, left, bottom, right), not 1, 2 and 4}}
  // expected-error@below {{'graph.max_pool' op failed to infer returned types}}
  %y, %where = graph.max_pool %x {kernel = array<i64: 2>}
     : (tensor<8x8x8x3xf32>) -> (tensor<8x7x7x3xf32>, tensor<8x7x7x3xi8>)
  return
}

// -----

func.func @pool_too_large(%x: tensor<8x8x8x3xf32>) {
  // expected-error@below {{a window of 9x2 does not fit an image of 8x8 with these strides and paddings}}
  // expected-error@below {{'graph.max_pool' op failed to infer returned types}}
  %y, %where = graph.max_pool %x {kernel = array<i64: 9, 2>}
     : (tensor<8x8x8x3xf32>) -> (tensor<8x1x7x3xf32>, tensor<8x1x7x3xi8>)
  return
}

// -----

func.func @window_in_the_padding(%x: tensor<8x8x8x3xf32>) {
  // expected-error@below {{a padding of 2 is not below the window's 2}}
  // expected-error@below {{'graph.max_pool' op failed to infer returned types}}
  %y, %where = graph.max_pool %x {kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 2, 2>}
     : (tensor<8x8x8x3xf32>) -> (tensor<8x9x9x3xf32>, tensor<8x9x9x3xi8>)
  return
}

// -----

func.func @place_in_a_byte(%x: tensor<8x16x16x3xf32>) {
  // expected-error@below {{'graph.max_pool' op has a window of [16, 16]; at most 255 elements are supported}}
  %y, %where = graph.max_pool %x {kernel = array<i64: 16, 16>}
     : (tensor<8x16x16x3xf32>) -> (tensor<8x1x1x3xf32>, tensor<8x1x1x3xi8>)
  return
}

// -----

func.func @pooled_shape(%x: tensor<8x8x8x3xf32>) {
  // expected-error@below {{'graph.avg_pool' op inferred type(s) 'tensor<8x7x7x3xf32>' are incompatible with return type(s) of operation 'tensor<8x4x4x3xf32>'}}
  // expected-error@below {{'graph.avg_pool' op failed to infer returned types}}
  %y = graph.avg_pool %x {kernel = array<i64: 2, 2>} : (tensor<8x8x8x3xf32>) -> tensor<8x4x4x3xf32>
  return
}

// -----

func.func @max_pool_gradient(%dy: tensor<8x4x4x3xf32>, %where: tensor<8x4x4x3xi8>) {
  // expected-error@below {{'graph.max_pool_grad' op has 'tensor<8x4x4x3xf32>' where its result was pooled to [8, 5, 5, 3]}}
  %dx = graph.max_pool_grad %dy, %where {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>}
      : (tensor<8x4x4x3xf32>, tensor<8x4x4x3xi8>) -> tensor<8x10x10x3xf32>
  return
}

// -----

func.func @max_pool_places(%dy: tensor<8x4x4x3xf32>, %where: tensor<8x8x8x3xi8>) {
  // expected-error@below {{'graph.max_pool_grad' op has 'tensor<8x8x8x3xi8>' where its result was pooled to [8, 4, 4, 3]}}
  %dx = graph.max_pool_grad %dy, %where {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>}
      : (tensor<8x4x4x3xf32>, tensor<8x8x8x3xi8>) -> tensor<8x8x8x3xf32>
  return
}

// -----

func.func @avg_pool_gradient(%dy: tensor<8x4x4x3xf32>) {
  // expected-error@below {{'graph.avg_pool_grad' op has 'tensor<8x4x4x3xf32>' where its result was pooled to [8, 4, 4, 6]}}
  %dx = graph.avg_pool_grad %dy {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>}
      : (tensor<8x4x4x3xf32>) -> tensor<8x8x8x6xf32>
  return
}

// -----

func.func @global_pool(%x: tensor<8x7x7x512xf32>) {
  // expected-error@below {{'graph.global_avg_pool' op inferred type(s) 'tensor<8x512xf32>' are incompatible with return type(s) of operation 'tensor<8x49xf32>'}}
  // expected-error@below {{'graph.global_avg_pool' op failed to infer returned types}}
  %y = graph.global_avg_pool %x : (tensor<8x7x7x512xf32>) -> tensor<8x49xf32>
  return
}

// -----

func.func @global_pool_gradient(%dy: tensor<8x512xf32>) {
  // expected-error@below {{'graph.global_avg_pool_grad' op turns 'tensor<8x512xf32>' into 'tensor<8x7x7x256xf32>'; the images and their channels must be as many}}
  %dx = graph.global_avg_pool_grad %dy : (tensor<8x512xf32>) -> tensor<8x7x7x256xf32>
  return
}

// -----

func.func @unflatten(%dy: tensor<8x512xf32>) {
  // expected-error@below {{'graph.unflatten' op turns 'tensor<8x512xf32>' into 'tensor<8x4x4x64xf32>'; the images and their elements must be as many}}
  %dx = graph.unflatten %dy : (tensor<8x512xf32>) -> tensor<8x4x4x64xf32>
  return
}

// -----

//===- linear -----------------------------------------------------------------------------===//

func.func @summed_dimension(%x: tensor<8x512xf32>, %w: tensor<10x256xf32>) {
  // expected-error@below {{dimensions to be summed over differ: 512 and 256}}
  // expected-error@below {{'graph.linear' op failed to infer returned types}}
  %y = graph.linear %x, %w : (tensor<8x512xf32>, tensor<10x256xf32>) -> tensor<8x10xf32>
  return
}

// -----

func.func @linear_gradient(%dy: tensor<8x10xf32>, %w: tensor<12x512xf32>) {
  // expected-error@below {{dimensions to be summed over differ: 10 and 12}}
  // expected-error@below {{'graph.linear_input_grad' op failed to infer returned types}}
  %dx = graph.linear_input_grad %dy, %w : (tensor<8x10xf32>, tensor<12x512xf32>) -> tensor<8x512xf32>
  return
}

// -----

func.func @linear_weight_gradient(%x: tensor<8x512xf32>, %dy: tensor<4x10xf32>) {
  // expected-error@below {{dimensions to be summed over differ: 8 and 4}}
  // expected-error@below {{'graph.linear_weight_grad' op failed to infer returned types}}
  %dw = graph.linear_weight_grad %x, %dy : (tensor<8x512xf32>, tensor<4x10xf32>) -> tensor<10x512xf32>
  return
}

// -----

func.func @bias(%y: tensor<8x10xf32>, %b: tensor<8xf32>) {
  // expected-error@below {{'graph.bias_add' op has a bias of [8], which does not stand on the last dimensions of [8, 10]}}
  %z = graph.bias_add %y, %b : (tensor<8x10xf32>, tensor<8xf32>) -> tensor<8x10xf32>
  return
}

// -----

//===- elementwise ------------------------------------------------------------------------===//

func.func @broadcast(%x: tensor<8x512xf32>, %y: tensor<512xf32>) {
  // expected-error@below {{'graph.add' op requires the same type for all operands and results}}
  %z = graph.add %x, %y : (tensor<8x512xf32>, tensor<512xf32>) -> tensor<8x512xf32>
  return
}

// -----

func.func @bounds(%x: tensor<8x512xf32>) {
  // expected-error@below {{'graph.clamp' op has a low of 6.000000e+00 above its high of 0.000000e+00}}
  %y = graph.clamp %x {low = 6.0, high = 0.0} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  return
}

// -----

func.func @infinite_term(%x: tensor<8x512xf32>) {
  // expected-error@below {{attribute 'term' failed to satisfy constraint: 64-bit float attribute finite}}
  %y = graph.shift %x {term = 0x7FF0000000000000 : f64} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  return
}

// -----

func.func @fill_of_integers() {
  // expected-error@below {{result #0 must be ranked tensor of}}
  %y = graph.fill {value = 1.0} : () -> tensor<8xi32>
  return
}

// -----

//===- reduction --------------------------------------------------------------------------===//

func.func @sum_over_what_is_not_there(%x: tensor<8x512xf32>) {
  // expected-error@below {{is over dimensions [2] of 'tensor<8x512xf32>'; each is named once, in ascending order}}
  // expected-error@below {{'graph.sum' op failed to infer returned types}}
  %y = graph.sum %x {dims = array<i64: 2>} : (tensor<8x512xf32>) -> tensor<8x512xf32>
  return
}

// -----

func.func @max_over_one_twice(%x: tensor<8x512xf32>) {
  // expected-error@below {{is over dimensions [1, 1] of 'tensor<8x512xf32>'; each is named once, in ascending order}}
  // expected-error@below {{'graph.max' op failed to infer returned types}}
  %y = graph.max %x {dims = array<i64: 1, 1>} : (tensor<8x512xf32>) -> tensor<8x1xf32>
  return
}

// -----

func.func @sum_without_its_dimension(%x: tensor<8x512xf32>) {
  // expected-error@below {{'graph.sum' op inferred type(s) 'tensor<8x1xf32>' are incompatible with return type(s) of operation 'tensor<8xf32>'}}
  // expected-error@below {{'graph.sum' op failed to infer returned types}}
  %y = graph.sum %x {dims = array<i64: 1>} : (tensor<8x512xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @expand_of_more_than_one(%x: tensor<8x2xf32>) {
  // expected-error@below {{'graph.expand' op makes 'tensor<8x4xf32>' of 'tensor<8x2xf32>'; it repeats along dimensions of size 1}}
  %y = graph.expand %x : (tensor<8x2xf32>) -> tensor<8x4xf32>
  return
}

// -----

func.func @expand_to_more_dimensions(%x: tensor<512xf32>) {
  // expected-error@below {{'graph.expand' op makes 'tensor<8x512xf32>' of 'tensor<512xf32>'; it repeats along dimensions of size 1}}
  %y = graph.expand %x : (tensor<512xf32>) -> tensor<8x512xf32>
  return
}

// -----

//===- loss -------------------------------------------------------------------------------===//

func.func @labels(%logits: tensor<8x10xf32>, %labels: tensor<4xi32>) {
  // expected-error@below {{8 rows of logits and 4 labels}}
  // expected-error@below {{'graph.softmax_cross_entropy' op failed to infer returned types}}
  %loss = graph.softmax_cross_entropy %logits, %labels {count = 8 : i64}
        : (tensor<8x10xf32>, tensor<4xi32>) -> tensor<f32>
  return
}

// -----

func.func @smoothing(%logits: tensor<8x10xf32>, %labels: tensor<8xi32>) {
  // expected-error@below {{attribute 'label_smoothing' failed to satisfy constraint: 64-bit float attribute in [0, 1); it is 1.000000e+00 : f64 here}}
  %loss = graph.softmax_cross_entropy %logits, %labels {count = 8 : i64, label_smoothing = 1.0}
        : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
  return
}

// -----

func.func @no_batch(%logits: tensor<8x10xf32>, %labels: tensor<8xi32>) {
  // expected-error@below {{attribute 'count' failed to satisfy constraint: whole number from 1 to 9007199254740992; it is 0 : i64 here}}
  %loss = graph.softmax_cross_entropy %logits, %labels {count = 0 : i64}
        : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
  return
}

// -----

func.func @loss_gradient(%logits: tensor<8x10xf32>, %labels: tensor<8xi32>) {
  // expected-error@below {{'graph.softmax_cross_entropy_grad' op has a gradient of 'tensor<4x10xf32>' for logits of 'tensor<8x10xf32>'}}
  %d = graph.softmax_cross_entropy_grad %logits, %labels {count = 8 : i64}
     : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<4x10xf32>
  return
}

// -----

func.func @gradient_labels(%logits: tensor<8x10xf32>, %labels: tensor<10xi32>) {
  // expected-error@below {{'graph.softmax_cross_entropy_grad' op has 8 rows of logits and 10 labels}}
  %d = graph.softmax_cross_entropy_grad %logits, %labels {count = 8 : i64}
     : (tensor<8x10xf32>, tensor<10xi32>) -> tensor<8x10xf32>
  return
}

// -----

//===- optimizer --------------------------------------------------------------------------===//

// expected-error@below {{momentum is -0.9; it must be finite in f32 and not negative}}
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, momentum = -0.9>} {}

// -----

// expected-error@below {{nesterov needs a momentum above 0 and no dampening, not 0.9 and 0.5}}
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, momentum = 0.9, dampening = 0.5, nesterov = true>} {}

// -----

func.func @velocity_lost(%w: tensor<64xf32>, %lr: tensor<f32>) {
  // expected-error@below {{'graph.sgd' op must have both a velocity and a new velocity, or neither}}
  %w1 = graph.sgd %w, %w, %lr, %w {momentum = 0.9}
      : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<64xf32>) -> tensor<64xf32>
  return
}

// -----

func.func @velocity_of_another(%w: tensor<64xf32>, %lr: tensor<f32>, %m: tensor<32xf32>) {
  // expected-error@below {{'graph.sgd' op has a velocity of 'tensor<32xf32>' for a parameter of 'tensor<64xf32>'}}
  %w1, %m1 = graph.sgd %w, %w, %lr, %m {momentum = 0.9}
      : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<32xf32>)
      -> (tensor<64xf32>, tensor<32xf32>)
  return
}

// -----

func.func @dampening_without_state(%w: tensor<64xf32>, %lr: tensor<f32>) {
  // expected-error@below {{'graph.sgd' op has dampening 5.000000e-01 but no state; the first step, which is not dampened, is told by it, and only where there is dampening of a velocity}}
  %w1, %m1 = graph.sgd %w, %w, %lr, %w {momentum = 0.9, dampening = 0.5}
      : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<64xf32>)
      -> (tensor<64xf32>, tensor<64xf32>)
  return
}

// -----

func.func @momentum_without_velocity(%w: tensor<64xf32>, %lr: tensor<f32>) {
  // expected-error@below {{'graph.sgd' op has momentum 9.000000e-01 but no velocity to keep it in}}
  %w1 = graph.sgd %w, %w, %lr {momentum = 0.9}
      : (tensor<64xf32>, tensor<64xf32>, tensor<f32>) -> tensor<64xf32>
  return
}
