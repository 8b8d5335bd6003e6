// Numbers that an attribute may not be, each in one way: every attribute's declaration says what it
// may be (dialects/dist/Constraints.td), so these stand for all.
//
// RUN: autopar-opt %s -split-input-file -verify-diagnostics

func.func @count_minus_one(%x: tensor<8x10xf32>, %l: tensor<8xi32>) {
  // expected-error@below {{attribute 'count' failed to satisfy constraint: whole number from 1 to 9007199254740992; it is -1 : i64}}
  %y = graph.softmax_cross_entropy %x, %l {count = -1 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
  return
}

// -----

func.func @count_none(%x: tensor<8x10xf32>, %l: tensor<8xi32>) {
  // expected-error@below {{attribute 'count' failed to satisfy constraint: whole number from 1 to 9007199254740992; it is 0 : i64}}
  %y = graph.softmax_cross_entropy %x, %l {count = 0 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
  return
}

// -----

func.func @count_the_least(%x: tensor<8x10xf32>, %l: tensor<8xi32>) {
  // expected-error@below {{attribute 'count' failed to satisfy constraint: whole number from 1 to 9007199254740992; it is -9223372036854775808 : i64}}
  %y = graph.softmax_cross_entropy %x, %l {count = -9223372036854775808 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
  return
}

// -----

func.func @count_beyond_doubles(%x: tensor<8x10xf32>, %l: tensor<8xi32>) {
  // expected-error@below {{attribute 'count' failed to satisfy constraint: whole number from 1 to 9007199254740992; it is 9007199254740993 : i64}}
  %y = graph.softmax_cross_entropy %x, %l {count = 9007199254740993 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
  return
}

// -----

func.func @count_of_a_gradient(%x: tensor<8x10xf32>, %l: tensor<8xi32>) {
  // expected-error@below {{attribute 'count' failed to satisfy constraint: whole number from 1 to 9007199254740992; it is -1 : i64}}
  %y = graph.softmax_cross_entropy_grad %x, %l {count = -1 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<8x10xf32>
  return
}

// -----

func.func @count_of_positions(%x: tensor<8x10xf32>, %l: tensor<8xi32>) {
  // expected-error@below {{attribute 'count' failed to satisfy constraint: whole number from 1 to 9007199254740992; it is -1 : i64}}
  %y = graph.language_loss %x, %l {count = -1 : i64, valid = 10 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
  return
}

// -----

func.func @valid_classes(%x: tensor<8x10xf32>, %l: tensor<8xi32>) {
  // expected-error@below {{attribute 'valid' failed to satisfy constraint: whole number from 1 to 2147483647; it is -1 : i64}}
  %y = graph.language_loss %x, %l {count = 8 : i64, valid = -1 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
  return
}

// -----

func.func @rows_of_a_batch_norm(%x: tensor<8x4x4x64xf32>, %c: tensor<64xf32>, %s: tensor<2x64xf64>) {
  // expected-error@below {{attribute 'count' failed to satisfy constraint: whole number from 1 to 9007199254740992; it is -1 : i64}}
  %m, %v = graph.batch_norm_running %s, %c, %c {count = -1 : i64, momentum = 0.1} : (tensor<2x64xf64>, tensor<64xf32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>)
  return
}

// -----

func.func @epsilon_of_a_batch_norm(%x: tensor<8x4x4x64xf32>, %c: tensor<64xf32>, %s: tensor<2x64xf64>) {
  // expected-error@below {{attribute 'epsilon' failed to satisfy constraint: 64-bit float attribute finite in f32 and not negative; it is 0x7FF0000000000000 : f64}}
  %y = graph.batch_norm_apply %x, %s, %c, %c {count = 128 : i64, epsilon = 1.0e+400} : (tensor<8x4x4x64xf32>, tensor<2x64xf64>, tensor<64xf32>, tensor<64xf32>) -> tensor<8x4x4x64xf32>
  return
}

// -----

func.func @momentum_of_a_batch_norm(%x: tensor<8x4x4x64xf32>, %c: tensor<64xf32>, %s: tensor<2x64xf64>) {
  // expected-error@below {{attribute 'momentum' failed to satisfy constraint: 64-bit float attribute in [0, 1]; it is 1.500000e+00 : f64}}
  %m, %v = graph.batch_norm_running %s, %c, %c {count = 128 : i64, momentum = 1.5} : (tensor<2x64xf64>, tensor<64xf32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>)
  return
}

// -----

func.func @stride(%x: tensor<8x32x32x3xf32>, %w: tensor<64x3x3x3xf32>) {
  // expected-error@below {{attribute 'strides' failed to satisfy constraint: i64 dense array attribute from 1 to 2147483647; it is array<i64: -1, 1>}}
  %y = graph.conv2d %x, %w {strides = array<i64: -1, 1>} : (tensor<8x32x32x3xf32>, tensor<64x3x3x3xf32>) -> tensor<8x30x30x64xf32>
  return
}

// -----

func.func @padding(%x: tensor<8x32x32x3xf32>, %w: tensor<64x3x3x3xf32>) {
  // expected-error@below {{attribute 'padding' failed to satisfy constraint: i64 dense array attribute from 0 to 2147483647; it is array<i64: -1, 0, 0, 0>}}
  %y = graph.conv2d %x, %w {padding = array<i64: -1, 0, 0, 0>} : (tensor<8x32x32x3xf32>, tensor<64x3x3x3xf32>) -> tensor<8x30x30x64xf32>
  return
}

// -----

func.func @padding_that_overflows(%x: tensor<8x32x32x3xf32>, %w: tensor<64x3x3x3xf32>) {
  // expected-error@below {{attribute 'padding' failed to satisfy constraint: i64 dense array attribute from 0 to 2147483647; it is array<i64: 9223372036854775807, 0, 0, 0>}}
  %y = graph.conv2d %x, %w {padding = array<i64: 9223372036854775807, 0, 0, 0>} : (tensor<8x32x32x3xf32>, tensor<64x3x3x3xf32>) -> tensor<8x30x30x64xf32>
  return
}

// -----

func.func @dilation(%x: tensor<8x32x32x3xf32>, %w: tensor<64x3x3x3xf32>) {
  // expected-error@below {{attribute 'dilations' failed to satisfy constraint: i64 dense array attribute from 1 to 2147483647; it is array<i64: 0, 1>}}
  %y = graph.conv2d %x, %w {dilations = array<i64: 0, 1>} : (tensor<8x32x32x3xf32>, tensor<64x3x3x3xf32>) -> tensor<8x30x30x64xf32>
  return
}

// -----

func.func @groups(%x: tensor<8x32x32x3xf32>, %w: tensor<64x3x3x3xf32>) {
  // expected-error@below {{attribute 'groups' failed to satisfy constraint: whole number from 1 to 2147483647; it is -3 : i64}}
  %y = graph.conv2d %x, %w {groups = -3 : i64} : (tensor<8x32x32x3xf32>, tensor<64x3x3x3xf32>) -> tensor<8x30x30x64xf32>
  return
}

// -----

func.func @kernel_of_a_pool(%x: tensor<8x32x32x3xf32>) {
  // expected-error@below {{attribute 'kernel' failed to satisfy constraint: i64 dense array attribute from 1 to 2147483647; it is array<i64: 0, 2>}}
  %y = graph.avg_pool %x {kernel = array<i64: 0, 2>} : (tensor<8x32x32x3xf32>) -> tensor<8x32x31x3xf32>
  return
}

// -----

func.func @kernels_whose_product_is_small(%x: tensor<8x32x32x3xf32>) {
  // expected-error@below {{attribute 'kernel' failed to satisfy constraint: i64 dense array attribute from 1 to 2147483647; it is array<i64: -2, -2>}}
  %y, %i = graph.max_pool %x {kernel = array<i64: -2, -2>} : (tensor<8x32x32x3xf32>) -> (tensor<8x32x32x3xf32>, tensor<8x32x32x3xi8>)
  return
}

// -----

func.func @dim(%x: tensor<8x4xf32>) {
  // expected-error@below {{attribute 'dim' failed to satisfy constraint: whole number from 0 to 2147483647; it is -1 : i64}}
  %y = graph.slice %x {dim = -1 : i64, begin = 0 : i64, length = 4 : i64} : (tensor<8x4xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @begin(%x: tensor<8x4xf32>) {
  // expected-error@below {{attribute 'begin' failed to satisfy constraint: whole number from 0 to 2147483647; it is -1 : i64}}
  %y = graph.slice %x {dim = 0 : i64, begin = -1 : i64, length = 4 : i64} : (tensor<8x4xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @length(%x: tensor<8x4xf32>) {
  // expected-error@below {{attribute 'length' failed to satisfy constraint: whole number from 1 to 2147483647; it is 0 : i64}}
  %y = graph.slice %x {dim = 0 : i64, begin = 0 : i64, length = 0 : i64} : (tensor<8x4xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @whole(%x: tensor<8x4xf32>) {
  // expected-error@below {{attribute 'whole' failed to satisfy constraint: whole number from 1 to 2147483647; it is -8 : i64}}
  %y = graph.pad %x {dim = 0 : i64, begin = 0 : i64, whole = -8 : i64} : (tensor<8x4xf32>) -> tensor<8x4xf32>
  return
}

// -----

func.func @dim_of_parts(%x: tensor<8x4xf32>) {
  // expected-error@below {{attribute 'dim' failed to satisfy constraint: whole number from 0 to 2147483647; it is -1 : i64}}
  %y = graph.concat %x, %x {dim = -1 : i64} : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x8xf32>
  return
}

// -----

func.func @permutation(%x: tensor<8x4xf32>) {
  // expected-error@below {{attribute 'permutation' failed to satisfy constraint: i64 dense array attribute from 0 to 2147483647; it is array<i64: -1, 0>}}
  %y = graph.transpose %x {permutation = array<i64: -1, 0>} : (tensor<8x4xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @bias_rank(%x: tensor<8x4xf32>) {
  // expected-error@below {{attribute 'bias_rank' failed to satisfy constraint: whole number from 1 to 2147483647; it is 0 : i64}}
  %y = graph.bias_grad %x {bias_rank = 0 : i64} : (tensor<8x4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @rate(%x: tensor<8x4xf32>) {
  // expected-error@below {{attribute 'rate' failed to satisfy constraint: 64-bit float attribute in [0, 1); it is -5.000000e-01 : f64}}
  %y = graph.dropout %x {rate = -0.5} : (tensor<8x4xf32>) -> tensor<8x4xf32>
  return
}

// -----

func.func @rate_that_is_no_number(%x: tensor<8x4xf32>) {
  // expected-error@below {{attribute 'rate' failed to satisfy constraint: 64-bit float attribute in [0, 1); it is 0x7FF8000000000000 : f64}}
  %y = graph.dropout %x {rate = 0x7FF8000000000000 : f64} : (tensor<8x4xf32>) -> tensor<8x4xf32>
  return
}

// -----

func.func @factor_beyond_f32(%x: tensor<8x4xf32>) {
  // expected-error@below {{attribute 'factor' failed to satisfy constraint: 64-bit float attribute finite in f32; it is 9.9999999999999994E+38 : f64}}
  %y = graph.scale %x {factor = 1.0e+39} : (tensor<8x4xf32>) -> tensor<8x4xf32>
  return
}

// -----

func.func @site(%x: tensor<8x4xf32>, %s: tensor<2xi64>) {
  // expected-error@below {{attribute 'site' failed to satisfy constraint: whole number from 0 to 2147483647; it is -1 : i64}}
  %y = graph.random_dropout %x, %s {rate = 0.5, site = -1 : i64} : (tensor<8x4xf32>, tensor<2xi64>) -> tensor<8x4xf32>
  return
}

// -----

func.func @scale_of_attention(%x: tensor<8x64x3x4x32xf32>) {
  // expected-error@below {{attribute 'scale' failed to satisfy constraint: 64-bit float attribute finite in f32; it is 0x7FF0000000000000 : f64}}
  %y, %l = graph.attention %x {scale = 1.0e+400} : (tensor<8x64x3x4x32xf32>) -> (tensor<8x64x4x32xf32>, tensor<8x4x64xf32>)
  return
}

// -----

func.func @dropout_of_attention(%x: tensor<8x64x3x4x32xf32>) {
  // expected-error@below {{attribute 'dropout' failed to satisfy constraint: 64-bit float attribute in [0, 1); it is 1.000000e+00 : f64}}
  %y, %l = graph.attention %x {dropout = 1.0} : (tensor<8x64x3x4x32xf32>) -> (tensor<8x64x4x32xf32>, tensor<8x4x64xf32>)
  return
}

// -----

func.func @dampening_of_an_update(%w: tensor<64xf32>, %r: tensor<f32>, %s: tensor<2xi64>) {
  // expected-error@below {{attribute 'dampening' failed to satisfy constraint: 64-bit float attribute in [0, 1]; it is -3.000000e+00 : f64}}
  %n, %m = graph.sgd %w, %w, %r, %w {momentum = 0.9, dampening = -3.0} : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>)
  return
}

// -----

func.func @beta_of_an_update(%w: tensor<64xf32>, %r: tensor<f32>, %s: tensor<2xi64>) {
  // expected-error@below {{attribute 'beta1' failed to satisfy constraint: 64-bit float attribute in [0, 1); it is 1.000000e+00 : f64}}
  %n, %a, %b = graph.adamw %w, %w, %r, %s, %w, %w {beta1 = 1.0, beta2 = 0.9, epsilon = 1.0e-8} : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<2xi64>, tensor<64xf32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
  return
}

// -----

func.func @stored() {
  // expected-error@below {{attribute 'stored' failed to satisfy constraint: i64 dense array attribute from 1 to 2147483647; it is array<i64: -8, -4>}}
  %w = graph.variable parameter "w" : tensor<8x4xf32> = #graph.constant<0.0> {stored = array<i64: -8, -4>}
  return
}

// -----

func.func @stored_shape_that_overflows() {
  // expected-error@below {{of [8, 4] is stored as [2147483647, 2147483647, 2147483647]}}
  %w = graph.variable parameter "w" : tensor<8x4xf32> = #graph.constant<0.0> {stored = array<i64: 2147483647, 2147483647, 2147483647>}
  return
}

// -----

func.func @constant_beyond_f32() {
  // expected-error@below {{a constant is 1.0e+39; it must be finite in f32}}
  %w = graph.variable parameter "w" : tensor<4xf32> = #graph.constant<1.0e+39>
  return
}

// -----

func.func @infinite_constant() {
  // expected-error@below {{a constant is inf; it must be finite in f32}}
  %w = graph.variable parameter "w" : tensor<4xf32> = #graph.constant<1.0e+400>
  return
}

// -----

func.func @infinite_bound() {
  // expected-error@below {{a bound is inf; it must be finite in f32 and not negative}}
  %w = graph.variable parameter "w" : tensor<4xf32> = #graph.uniform<1.0e+400>
  return
}

// -----

// expected-error@below {{dampening is inf; it must be in [0, 1]}}
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, momentum = 0.9, dampening = 1.0e+400>} {}

// -----

// expected-error@below {{dampening is -3.0; it must be in [0, 1]}}
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, momentum = 0.9, dampening = -3.0>} {}

// -----

// expected-error@below {{learning_rate is 1.0e+39; it must be finite in f32 and not negative}}
module attributes {graph.optimizer = #graph.sgd<learning_rate = 1.0e+39>} {}

// -----

// expected-error@below {{weight_decay is -0.1; it must be finite in f32 and not negative}}
module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, weight_decay = -0.1>} {}

// -----

// expected-error@below {{epsilon is -1.0e-08; it must be finite in f32 and not negative}}
module attributes {graph.optimizer = #graph.adamw<learning_rate = 0.1, epsilon = -1.0e-8>} {}

// -----

// expected-error@below {{graph.optimizer is 1.000000e-01 : f64; it is an optimizer such as #graph.sgd}}
module attributes {graph.optimizer = 0.1} {}

// -----

// expected-error@below {{graph.micro_batches is 0 : i64; it is a whole number from 1 to 1048576}}
module attributes {graph.micro_batches = 0 : i64} {}
