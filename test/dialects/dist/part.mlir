// RUN: autopar-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: func @parts
func.func @parts() attributes {
  // CHECK: test.a = #dist.part<whole = [], axes = []>
  test.a = #dist.part<whole = [], axes = []>,
  // CHECK: test.b = #dist.part<whole = [8, 64, 128], axes = {{\[}}[0], [], [1]]>
  test.b = #dist.part<whole = [8, 64, 128], axes = [[0], [], [1]]>,
  // CHECK: test.c = #dist.part<whole = [8, 64], axes = {{\[}}[0, 2], [1]]>
  test.c = #dist.part<whole = [8, 64], axes = [[0, 2], [1]]>} {
  return
}

// -----

// expected-error@below {{axis 1 is no axis of a mesh (0 to 2), or named twice}}
func.func @axis_twice() attributes {test.a = #dist.part<whole = [8, 8], axes = [[1], [1]]>} { return }

// -----

// expected-error@below {{axis 3 is no axis of a mesh (0 to 2), or named twice}}
func.func @no_such_axis() attributes {test.a = #dist.part<whole = [8], axes = [[3]]>} { return }

// -----

// expected-error@below {{axes of one dimension stand in ascending order}}
func.func @order() attributes {test.a = #dist.part<whole = [8], axes = [[1, 0]]>} { return }

// -----

// expected-error@below {{a whole of 2 dimensions has axes for 1}}
func.func @too_few() attributes {test.a = #dist.part<whole = [8, 8], axes = [[0]]>} { return }

// -----

// expected-error@below {{is part of a tensor of [8, 0]; it has at most 8 dimensions, each from 1 to 2147483647, and 281474976710656 elements}}
func.func @empty() attributes {test.a = #dist.part<whole = [8, 0], axes = [[], []]>} { return }
