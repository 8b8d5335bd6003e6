// RUN: autopar-opt %s -split-input-file -verify-diagnostics

//===- einsum -----------------------------------------------------------------------------===//

func.func @form(%x: tensor<8x4xf32>, %w: tensor<4x2xf32>) {
  // expected-error@below {{the equation "nk->nm" is not of the form "mk,kn->mn"}}
  // expected-error@below {{failed to infer returned types}}
  %y = graph.einsum "nk->nm" %x, %w : (tensor<8x4xf32>, tensor<4x2xf32>) -> tensor<8x2xf32>
  return
}

// -----

func.func @no_letter(%x: tensor<8x4xf32>, %w: tensor<4x2xf32>) {
  // expected-error@below {{the equation "n1,1m->nm" has '1' where a letter names a dimension}}
  // expected-error@below {{failed to infer returned types}}
  %y = graph.einsum "n1,1m->nm" %x, %w : (tensor<8x4xf32>, tensor<4x2xf32>) -> tensor<8x2xf32>
  return
}

// -----

func.func @diagonal(%x: tensor<4x4xf32>, %w: tensor<4x2xf32>) {
  // expected-error@below {{the equation "kk,km->km" has 'k' twice in "kk"}}
  // expected-error@below {{failed to infer returned types}}
  %y = graph.einsum "kk,km->km" %x, %w : (tensor<4x4xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
  return
}

// -----

func.func @from_nowhere(%x: tensor<8x4xf32>, %w: tensor<4x2xf32>) {
  // expected-error@below {{the equation "nk,km->nmo" has 'o' in its result but in no input}}
  // expected-error@below {{failed to infer returned types}}
  %y = graph.einsum "nk,km->nmo" %x, %w : (tensor<8x4xf32>, tensor<4x2xf32>) -> tensor<8x2xf32>
  return
}

// -----

func.func @sum_over_one_input(%x: tensor<8x4xf32>, %w: tensor<4x2xf32>) {
  // expected-error@below {{the equation "nk,km->m" has 'n' in one input alone and not in its result; a sum over one input is no contraction}}
  // expected-error@below {{failed to infer returned types}}
  %y = graph.einsum "nk,km->m" %x, %w : (tensor<8x4xf32>, tensor<4x2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @rank(%x: tensor<8x4xf32>, %w: tensor<4x2xf32>) {
  // expected-error@below {{"btk" names 3 dimensions of an input that has 2}}
  // expected-error@below {{failed to infer returned types}}
  %y = graph.einsum "btk,km->btm" %x, %w : (tensor<8x4xf32>, tensor<4x2xf32>) -> tensor<8x2xf32>
  return
}

// -----

func.func @size(%x: tensor<8x4xf32>, %w: tensor<5x2xf32>) {
  // expected-error@below {{'k' is 4 in one input and 5 in the other}}
  // expected-error@below {{failed to infer returned types}}
  %y = graph.einsum "nk,km->nm" %x, %w : (tensor<8x4xf32>, tensor<5x2xf32>) -> tensor<8x2xf32>
  return
}

// -----

//===- layers -----------------------------------------------------------------------------===//

func.func @bias_in_the_middle(%x: tensor<8x4x2xf32>, %b: tensor<4xf32>) {
  // expected-error@below {{has a bias of [4], which does not stand on the last dimensions of [8, 4, 2]}}
  %y = graph.bias_add %x, %b : (tensor<8x4x2xf32>, tensor<4xf32>) -> tensor<8x4x2xf32>
  return
}

// -----

func.func @bias_rank(%dy: tensor<8x4xf32>) {
  // expected-error@below {{bias_rank is 3 for a gradient of 2 dimensions; the bias stands on the last ones}}
  // expected-error@below {{failed to infer returned types}}
  %db = graph.bias_grad %dy {bias_rank = 3 : i64} : (tensor<8x4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @norm_parameter(%x: tensor<8x4xf32>, %g: tensor<4xf32>, %b: tensor<8xf32>) {
  // expected-error@below {{has an operand of 'tensor<8xf32>' beside rows of 'tensor<8x4xf32>'}}
  // expected-error@below {{failed to infer returned types}}
  %y, %m, %r = graph.layer_norm %x, %g, %b
      : (tensor<8x4xf32>, tensor<4xf32>, tensor<8xf32>) -> (tensor<8x4xf32>, tensor<8xf32>, tensor<8xf32>)
  return
}

// -----

func.func @norm_epsilon(%x: tensor<8x4xf32>, %g: tensor<4xf32>) {
  // expected-error@below {{attribute 'epsilon' failed to satisfy constraint: 64-bit float attribute finite in f32 and not negative; it is -1.000000e+00 : f64 here}}
  %y, %m, %r = graph.layer_norm %x, %g, %g {epsilon = -1.0}
      : (tensor<8x4xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<8x4xf32>, tensor<8xf32>, tensor<8xf32>)
  return
}

// -----

func.func @gelu_form(%x: tensor<8x4xf32>) {
  // expected-error@below {{has approximate = "erf"; there are none and tanh}}
  %y = graph.gelu %x {approximate = "erf"} : (tensor<8x4xf32>) -> tensor<8x4xf32>
  return
}

// -----

func.func @embedding_gradient(%t: tensor<8xi32>, %dy: tensor<8x4xf32>) {
  // expected-error@below {{has a gradient of [8, 4] for tokens of [8] and a table of [100, 5]}}
  %dt = graph.embedding_grad %t, %dy : (tensor<8xi32>, tensor<8x4xf32>) -> tensor<100x5xf32>
  return
}

// -----

func.func @packed(%qkv: tensor<8x64x4x32xf32>) {
  // expected-error@below {{has queries, keys and values of 'tensor<8x64x4x32xf32>'; they are packed as [batch, positions, 3, heads, head size]}}
  // expected-error@below {{failed to infer returned types}}
  %y, %l = graph.attention %qkv : (tensor<8x64x4x32xf32>) -> (tensor<8x64x4x32xf32>, tensor<8x4x64xf32>)
  return
}

// -----

func.func @state_without_dropout(%qkv: tensor<8x64x3x4x32xf32>, %s: tensor<2xi64>) {
  // expected-error@below {{has a state to draw random numbers by, but no dropout}}
  %y, %l = graph.attention %qkv, %s : (tensor<8x64x3x4x32xf32>, tensor<2xi64>) -> (tensor<8x64x4x32xf32>, tensor<8x4x64xf32>)
  return
}

// -----

func.func @dropout_rate(%x: tensor<8x4xf32>) {
  // expected-error@below {{attribute 'rate' failed to satisfy constraint: 64-bit float attribute in [0, 1); it is 1.000000e+00 : f64 here}}
  %y = graph.dropout %x {rate = 1.0} : (tensor<8x4xf32>) -> tensor<8x4xf32>
  return
}

// -----

func.func @causal_vector(%x: tensor<8xf32>) {
  // expected-error@below {{is over [8]; it needs queries and keys as its last dimensions}}
  %y = graph.softmax %x {causal} : (tensor<8xf32>) -> tensor<8xf32>
  return
}

// -----

//===- arrangement ------------------------------------------------------------------------===//

func.func @reshape(%x: tensor<8x4xf32>) {
  // expected-error@below {{makes 'tensor<30xf32>' of 'tensor<8x4xf32>'}}
  %y = graph.reshape %x : (tensor<8x4xf32>) -> tensor<30xf32>
  return
}

// -----

func.func @permutation(%x: tensor<8x4xf32>) {
  // expected-error@below {{has [0, 0], which is no order of 2 dimensions}}
  // expected-error@below {{failed to infer returned types}}
  %y = graph.transpose %x {permutation = array<i64: 0, 0>} : (tensor<8x4xf32>) -> tensor<8x8xf32>
  return
}

// -----

func.func @slice(%x: tensor<8x4xf32>) {
  // expected-error@below {{is of indices 6 to 10 of a dimension of 8}}
  // expected-error@below {{failed to infer returned types}}
  %y = graph.slice %x {dim = 0 : i64, begin = 6 : i64, length = 4 : i64} : (tensor<8x4xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @slice_dim(%x: tensor<8x4xf32>) {
  // expected-error@below {{names dimension 2 of 'tensor<8x4xf32>'}}
  // expected-error@below {{failed to infer returned types}}
  %y = graph.slice %x {dim = 2 : i64, begin = 0 : i64, length = 4 : i64} : (tensor<8x4xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @pad(%l: tensor<8x4xi32>) {
  // expected-error@below {{pads 'tensor<8x4xi32>' with 0.5, which is no number of 32 bits}}
  %y = graph.pad %l {dim = 1 : i64, begin = 0 : i64, whole = 6 : i64, value = 0.5} : (tensor<8x4xi32>) -> tensor<8x6xi32>
  return
}

// -----

func.func @concat(%x: tensor<8x4xf32>, %y: tensor<6x4xf32>) {
  // expected-error@below {{puts 'tensor<6x4xf32>' beside 'tensor<8x4xf32>' along dimension 1}}
  // expected-error@below {{failed to infer returned types}}
  %z = graph.concat %x, %y {dim = 1 : i64} : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x8xf32>
  return
}

// -----

//===- loss and update --------------------------------------------------------------------===//

func.func @labels(%x: tensor<8x4x10xf32>, %l: tensor<8xi32>) {
  // expected-error@below {{has labels of 'tensor<8xi32>' for rows of 'tensor<8x4x10xf32>'}}
  %loss = graph.language_loss %x, %l {count = 32 : i64, valid = 10 : i64} : (tensor<8x4x10xf32>, tensor<8xi32>) -> tensor<f32>
  return
}

// -----

func.func @valid(%x: tensor<8x10xf32>, %l: tensor<8xi32>) {
  // expected-error@below {{has 10 classes of which 11 are valid; there must be one, and no more than all}}
  %loss = graph.language_loss %x, %l {count = 8 : i64, valid = 11 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<f32>
  return
}

// -----

func.func @adamw_beta() attributes {
  // expected-error@below {{beta2 is 1.0; it must be in [0, 1)}}
  test.a = #graph.adamw<learning_rate = 0.1, beta2 = 1.0>} { return }

// -----

func.func @clip(%s: tensor<f64>) {
  // expected-error@below {{attribute 'maximum' failed to satisfy constraint: 64-bit float attribute finite in f32 and above 0; it is 0.000000e+00 : f64 here}}
  %f = graph.clip_factor %s {maximum = 0.0} : (tensor<f64>) -> tensor<f32>
  return
}

// -----

func.func @stored() {
  // expected-error@below {{of [8, 4] is stored as [9, 4]; a checkpoint holds as many elements in another shape, or fewer rows}}
  %w = graph.variable parameter "w" : tensor<8x4xf32> = #graph.constant<0.0> {stored = array<i64: 9, 4>}
  return
}

// -----

func.func @unequal_blocks(%x: tensor<8x10xf32>, %l: tensor<8xi32>) {
  // expected-error@below {{'graph.vocabulary_sums' op has 10 classes in 4 blocks, which are to be equal}}
  %s = graph.vocabulary_sums %x, %l {valid = 10 : i64} : (tensor<8x10xf32>, tensor<8xi32>) -> tensor<8x4x3xf64>
  return
}

// -----

func.func @sums_without_blocks(%s: tensor<8x2xf64>, %l: tensor<8xi32>) {
  // expected-error@below {{'graph.cross_entropy_of_sums' op has sums of 'tensor<8x2xf64>' for labels of 'tensor<8xi32>'; there are 3 of each block of each row}}
  %loss = graph.cross_entropy_of_sums %s, %l {count = 8 : i64} : (tensor<8x2xf64>, tensor<8xi32>) -> tensor<f32>
  return
}

// -----

func.func @numbers_of_a_parameter() {
  // expected-error@below {{is a parameter that starts as dense<1.000000e+00> : tensor<4xf32>; a constant has its numbers, dense<...>, and no other has}}
  %w = graph.variable parameter "w" : tensor<4xf32> = dense<1.0> : tensor<4xf32>
  return
}

// -----

func.func @constant_without_numbers() {
  // expected-error@below {{is a constant that starts as #graph.constant<1.0>; a constant has its numbers, dense<...>, and no other has}}
  %w = graph.variable constant "w" : tensor<4xf32> = #graph.constant<1.0>
  return
}

// -----

func.func @other_numbers() {
  // expected-error@below {{of 'tensor<4xf32>' has numbers of 'tensor<2xf32>'}}
  %w = graph.variable constant "w" : tensor<4xf32> = dense<1.0> : tensor<2xf32>
  return
}

// -----

func.func @indices_that_change() {
  // expected-error@below {{of 'tensor<4xi32>' is no constant; others are of f32}}
  %w = graph.variable state "w" : tensor<4xi32> = #graph.constant<1.0>
  return
}

// -----

func.func @stored_constant() {
  // expected-error@below {{is a constant with a stored shape; no checkpoint has it}}
  %w = graph.variable constant "w" : tensor<4xf32> = dense<1.0> : tensor<4xf32> {stored = array<i64: 2, 2>}
  return
}
