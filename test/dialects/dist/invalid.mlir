// RUN: autopar-opt %s -split-input-file -verify-diagnostics

// expected-error@below {{unknown mesh axis 'a'; axes are called x, y and z}}
module attributes {dist.mesh = #dist.mesh<a = 2>} {}

// -----

// expected-error@below {{mesh axes stand in the order x, y, z}}
module attributes {dist.mesh = #dist.mesh<y = 2>} {}

// -----

// expected-error@below {{a mesh has one to 3 axes, not 0}}
module attributes {dist.mesh = #dist.mesh<>} {}

// -----

// expected-error@below {{a mesh axis has a size of at least 1, not 0}}
module attributes {dist.mesh = #dist.mesh<x = 2, y = 0>} {}

// -----

// 65536 · 32768 = 2³¹, one more than an int counts.
// expected-error@below {{a mesh has at most 2147483647 ranks, the most that MPI numbers}}
module attributes {dist.mesh = #dist.mesh<x = 65536, y = 32768>} {}

// -----

// expected-error@below {{a mesh has at most 2147483647 ranks, the most that MPI numbers}}
module attributes {dist.mesh = #dist.mesh<x = 4294967296, y = 4294967296>} {}

// -----

// expected-error@below {{axis x is named twice}}
module attributes {test.sharding = #dist.sharding<[{x}, {x}]>} {}

// -----

// expected-error@below {{axis y is named twice}}
module attributes {test.sharding = #dist.sharding<[{x}, {y}], unreduced {y}>} {}

// -----

// There is no S10.
// expected-error@below {{axes of one list stand in the order x, y, z, each once}}
module attributes {test.sharding = #dist.sharding<[{y, x}]>} {}

// -----

// expected-error@below {{expected 'unreduced'}}
module attributes {test.sharding = #dist.sharding<[{x}], partial {y}>} {}

// -----

func.func @no_mesh(%a: tensor<8xf32>) {
  // expected-error@below {{'dist.all_reduce' op stands in a module without a mesh; give the module a dist.mesh attribute, as in #dist.mesh<x = 2, y = 2>}}
  %b = dist.all_reduce %a over {x} : (tensor<8xf32>) -> tensor<8xf32>
  return
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @axis_of_a_larger_mesh(%a: tensor<8xf32>) {
    // expected-error@below {{'dist.all_reduce' op names axis y of a mesh of 2}}
    %b = dist.all_reduce %a over {x, y} : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @no_axis(%a: tensor<8xf32>) {
    // expected-error@below {{'dist.all_reduce' op names no mesh axis}}
    %b = dist.all_reduce %a over {} : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @axis_twice(%a: tensor<8xf32>) {
    // expected-error@below {{'dist.all_reduce' op names axes [0, 0]; they are numbered from 0 to 2 and stand in order, each once}}
    %b = "dist.all_reduce"(%a) <{axes = array<i32: 0, 0>}> : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @no_such_axis(%a: tensor<8xf32>) {
    // expected-error@below {{'dist.all_reduce' op names axes [-1, 3]}}
    %b = "dist.all_reduce"(%a) <{axes = array<i32: -1, 3>}> : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @empty_bucket() {
    // expected-error@below {{'dist.all_reduce' op has 0 inputs and 0 results}}
    dist.all_reduce over {x} : () -> ()
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @result_missing(%a: tensor<8xf32>, %b: tensor<4xf32>) {
    // expected-error@below {{'dist.all_gather' op has 2 inputs and 1 results}}
    %c = dist.all_gather %a, %b over {x} dims [0, 0] : (tensor<8xf32>, tensor<4xf32>) -> tensor<16xf32>
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @dimension_missing(%a: tensor<8xf32>, %b: tensor<4xf32>) {
    // expected-error@below {{'dist.reduce_scatter' op has 2 inputs and 1 dimensions}}
    %c:2 = dist.reduce_scatter %a, %b over {x} dims [0]
         : (tensor<8xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<2xf32>)
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @reduced_to_another_type(%a: tensor<8xf32>) {
    // expected-error@below {{'dist.all_reduce' op makes 'tensor<4xf32>' of 'tensor<8xf32>'}}
    %b = dist.all_reduce %a over {x} : (tensor<8xf32>) -> tensor<4xf32>
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2, y = 4>} {
  func.func @gathered_too_little(%a: tensor<8xf32>) {
    // 2 · 4 ranks hold 8 elements each.
    // expected-error@below {{'dist.all_gather' op makes 'tensor<16xf32>' of 'tensor<8xf32>' over 8 ranks; it would be 'tensor<64xf32>'}}
    %b = dist.all_gather %a over {x, y} dims [0] : (tensor<8xf32>) -> tensor<16xf32>
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @gathered_along_no_dimension(%a: tensor<8xf32>) {
    // expected-error@below {{'dist.all_gather' op names dimension 1 of 'tensor<8xf32>'}}
    %b = dist.all_gather %a over {x} dims [1] : (tensor<8xf32>) -> tensor<8xf32>
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 3>} {
  func.func @uneven_blocks(%a: tensor<8xf32>) {
    // expected-error@below {{'dist.reduce_scatter' op splits dimension 0 of size 8 over 3 ranks}}
    %b = dist.reduce_scatter %a over {x} dims [0] : (tensor<8xf32>) -> tensor<2xf32>
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @element_type_changed(%a: tensor<8xf64>) {
    // expected-error@below {{'dist.reduce_scatter' op makes 'tensor<4xf32>' of 'tensor<8xf64>' over 2 ranks; it would be 'tensor<4xf64>'}}
    %b = dist.reduce_scatter %a over {x} dims [0] : (tensor<8xf64>) -> tensor<4xf32>
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @to_the_same_dimension(%a: tensor<8x8xf32>) {
    // expected-error@below {{'dist.all_to_all' op splits and puts together the same dimension 1}}
    %b = dist.all_to_all %a over {x} split 1 concat 1 : (tensor<8x8xf32>) -> tensor<8x8xf32>
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @split_the_wrong_way(%a: tensor<8x8xf32>) {
    // expected-error@below {{'dist.all_to_all' op makes 'tensor<4x16xf32>' of 'tensor<8x8xf32>' over 2 ranks; it would be 'tensor<16x4xf32>'}}
    %b = dist.all_to_all %a over {x} split 1 concat 0 : (tensor<8x8xf32>) -> tensor<4x16xf32>
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @slice_of_no_dimension(%a: tensor<8x8xf32>) {
    // expected-error@below {{attribute 'dim' failed to satisfy constraint: whole number from 0 to 2147483647; it is -1 : i64 here}}
    %b = dist.slice %a over {x} dim -1 : (tensor<8x8xf32>) -> tensor<8x8xf32>
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @slice_too_large(%a: tensor<8x8xf32>) {
    // expected-error@below {{'dist.slice' op makes 'tensor<8x8xf32>' of 'tensor<8x8xf32>' over 2 ranks; it would be 'tensor<4x8xf32>'}}
    %b = dist.slice %a over {x} dim 0 : (tensor<8x8xf32>) -> tensor<8x8xf32>
    return
  }
}

// -----

module attributes {dist.mesh = #dist.mesh<x = 2>} {
  func.func @dynamic(%a: tensor<?xf32>) {
    // expected-error@below {{has a dynamic shape; autopar plans memory to the byte, so every dimension must be a number}}
    %b = dist.all_reduce %a over {x} : (tensor<?xf32>) -> tensor<?xf32>
    return
  }
}

// -----

func.func @more_dimensions_than_there_are() attributes {
  // expected-error@below {{splits 9 dimensions; there are at most 8}}
  test.a = #dist.sharding<[{}, {}, {}, {}, {}, {}, {}, {}, {}]>} { return }

// -----

// expected-error@below {{dist.mesh is 4 : i64; it is a #dist.mesh}}
module attributes {dist.mesh = 4 : i64} {}
