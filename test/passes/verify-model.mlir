// What no single operation sees of a model.
//
// RUN: autopar-opt %s --autopar-verify-model -split-input-file -verify-diagnostics
//
// 257 values of 2^48 bytes each are more than 2^56 bytes.
// RUN: awk 'BEGIN { t = "tensor<65536x65536x16384xf32>"; print "func.func @all(%v0: " t ") {"; \
// RUN:   for (i = 0; i < 256; ++i) print "%v" i + 1 " = graph.relu %v" i " : (" t ") -> " t; \
// RUN:   print "return }" }' > %t.mlir
// RUN: not autopar-opt %t.mlir --autopar-verify-model 2>&1 | FileCheck %s
// CHECK: the values of the program up to "{{.*}}" take 72339069014638592 bytes together; up to 72057594037927936 can be planned

func.func @this_one_is_right(%x: tensor<8x4xf32>) {
  return
}

// -----

// expected-error@below {{"arg0" has a value of 'tensor<0x4xf32>'; every dimension is from 1 to 2147483647}}
func.func @an_argument_that_nobody_reads(%x: tensor<0x4xf32>) {
  return
}

// -----

// expected-error@below {{"arg0" is of 'i32'; a program works on tensors}}
func.func @no_tensor(%n: i32) {
  return
}

// -----

// expected-error@below {{@declared has no body of one block; a program's function is a list of operations}}
func.func private @declared(tensor<8xf32>)

// -----

func.func @duplicate_variable() {
  // expected-note@below {{the first one}}
  %a = graph.variable parameter "w" : tensor<4xf32> = #graph.constant<0.0>
  // expected-error@below {{variable "w" stands twice in @duplicate_variable; use the first one's value}}
  %b = graph.variable parameter "w" : tensor<4xf32> = #graph.constant<0.0>
  return
}

// -----

// Names go into programs and reports, which hold UTF-8.
func.func @not_utf8(%x: tensor<4xf32> {graph.input = "images"}) {
  // expected-error@unknown {{the name "r\E9lu" is not UTF-8; rename it}}
  %0 = graph.relu %x : (tensor<4xf32>) -> tensor<4xf32> loc("r\E9lu")
  return
}

// -----

// expected-error@below {{the name "a\00b" holds a NUL; rename it}}
module @"a\00b" {
}
