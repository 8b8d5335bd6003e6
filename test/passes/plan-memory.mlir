// A slice for each value; calls are numbered from 1, inputs are there at 0. Sizes: 64 floats are
// 256 bytes.
//
// RUN: autopar-opt %s --autopar-plan-memory --autopar-verify-memory -split-input-file | FileCheck %s

// CHECK: module attributes {rt.arena = 256 : i64
module attributes {rt.target = "cpu"} {
  // CHECK-LABEL: func @results_take_the_place_of_what_is_not_read_again
  // CHECK-SAME: () -> memref<64xf32>
  func.func @results_take_the_place_of_what_is_not_read_again(%x: tensor<64xf32> loc("x")) -> tensor<64xf32> {
    // CHECK: %[[X:.*]] = rt.slice "x" input at 0 live[0, 1) : memref<64xf32>
    // CHECK: %[[Y:.*]] = rt.slice "y" activation at 0 live[1, 2) : memref<64xf32>
    // CHECK: %[[Z:.*]] = rt.slice "z" activation at 0 live[2, 4) : memref<64xf32>
    // CHECK: rt.call "Relu" {count = 64 : i64}(%[[X]]) outs(%[[Y]])
    // CHECK: rt.call "Relu" {count = 64 : i64}(%[[Y]]) outs(%[[Z]])
    // CHECK: return %[[Z]]
    %y = rt.call "Relu" {count = 64 : i64} (%x) : (tensor<64xf32>) -> tensor<64xf32> loc("y")
    %z = rt.call "Relu" {count = 64 : i64} (%y) : (tensor<64xf32>) -> tensor<64xf32> loc("z")
    return %z : tensor<64xf32>
  }
}

// -----

// CHECK: rt.arena = 512
module attributes {rt.target = "cpu"} {
  // CHECK-LABEL: func @but_not_of_what_is
  func.func @but_not_of_what_is(%x: tensor<64xf32>) -> tensor<64xf32> {
    // CHECK: rt.slice "arg0" input at 0 live[0, 2)
    // CHECK: rt.slice "y" activation at 256 live[1, 3)
    // CHECK: rt.slice "z" activation at 0 live[2, 4)
    %y = rt.call "Relu" {count = 64 : i64} (%x) : (tensor<64xf32>) -> tensor<64xf32> loc("y")
    %z = rt.call "Add" {count = 64 : i64} (%x, %y) : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32> loc("z")
    return %z : tensor<64xf32>
  }
}

// -----

// A matrix product cannot overwrite what it reads; the third value takes the first one's bytes.
// CHECK: rt.arena = 512
module attributes {rt.target = "cpu"} {
  // CHECK-LABEL: func @bytes_are_used_again
  func.func @bytes_are_used_again(%x: tensor<8x8xf32>) -> tensor<8x8xf32> {
    // CHECK: rt.slice "arg0" input at [[A:[0-9]+]] live[0, 2)
    // CHECK: rt.slice "y" activation at [[B:[0-9]+]] live[1, 3)
    // CHECK: rt.slice "z" activation at [[A]] live[2, 4)
    %y = rt.call "LinearForward" {batch = 8 : i64, inputs = 8 : i64, outputs = 8 : i64} (%x, %x) workspace 0 : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32> loc("y")
    %z = rt.call "LinearForward" {batch = 8 : i64, inputs = 8 : i64, outputs = 8 : i64} (%y, %y) workspace 0 : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32> loc("z")
    return %z : tensor<8x8xf32>
  }
}

// -----

// CHECK: rt.arena = 1536
module attributes {rt.target = "cpu"} {
  // CHECK-LABEL: func @a_workspace_lives_for_one_call
  func.func @a_workspace_lives_for_one_call(%x: tensor<8x8xf32>) -> tensor<8x8xf32> {
    // CHECK: %[[S:.*]] = rt.slice "y.workspace" workspace at [[AT:[0-9]+]] live[1, 2) : memref<1000xi8>
    // CHECK: %[[T:.*]] = rt.slice "z.workspace" workspace at [[AT]] live[2, 3) : memref<1024xi8>
    // CHECK: rt.call "LinearForward" {{.*}} scratch(%[[S]])
    %y = rt.call "LinearForward" {batch = 8 : i64, inputs = 8 : i64, outputs = 8 : i64} (%x, %x) workspace 1000 : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32> loc("y")
    %z = rt.call "LinearForward" {batch = 8 : i64, inputs = 8 : i64, outputs = 8 : i64} (%y, %y) workspace 1024 : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32> loc("z")
    return %z : tensor<8x8xf32>
  }
}

// -----

// CHECK: rt.arena = 256
module attributes {rt.target = "cpu"} {
  // CHECK-LABEL: func @a_view_is_the_same_buffer
  func.func @a_view_is_the_same_buffer(%x: tensor<8x1x1x8xf32>) -> tensor<8x8xf32> {
    // CHECK: %[[X:.*]] = rt.slice "arg0" input at 0 live[0, 1) : memref<8x1x1x8xf32>
    // CHECK: %[[Y:.*]] = rt.slice "y" activation at 0 live[1, 3) : memref<8x8xf32>
    // CHECK: %[[V:.*]] = rt.view %[[X]] : memref<8x1x1x8xf32> -> memref<8x8xf32>
    // CHECK: rt.call "Relu" {{.*}}(%[[V]]) outs(%[[Y]])
    %v = rt.view %x : tensor<8x1x1x8xf32> -> tensor<8x8xf32>
    %y = rt.call "Relu" {count = 64 : i64} (%v) : (tensor<8x8xf32>) -> tensor<8x8xf32> loc("y")
    return %y : tensor<8x8xf32>
  }
}

// -----

module attributes {rt.target = "cpu"} {
  // CHECK-LABEL: func @a_variable_is_updated_where_it_is
  func.func @a_variable_is_updated_where_it_is(%g: tensor<64xf32>, %lr: tensor<f32>) {
    // CHECK: %[[W:.*]] = rt.slice "w" parameter at [[W_AT:[0-9]+]] live[0, 1) {rt.init = #graph.constant<0.0>} : memref<64xf32>
    // CHECK: %[[M:.*]] = rt.slice "w.momentum" slot at [[M_AT:[0-9]+]] live[0, 1)
    // CHECK: %[[W1:.*]] = rt.slice "w.new" parameter at [[W_AT]] live[1, 3) updates "w"
    // CHECK: %[[M1:.*]] = rt.slice "w.momentum.new" slot at [[M_AT]] live[1, 3) updates "w.momentum"
    // CHECK-NOT: Copy
    // CHECK: rt.call "Sgd" {{.*}}(%[[W]], %{{.*}}, %{{.*}}, %[[M]]) outs(%[[W1]], %[[M1]])
    // CHECK-NOT: Copy
    %w = graph.variable parameter "w" : tensor<64xf32> = #graph.constant<0.0>
    %m = graph.variable slot "w.momentum" : tensor<64xf32> = #graph.constant<0.0>
    %w1, %m1 = rt.call "Sgd" {count = 64 : i64, momentum = 0.9} (%w, %g, %lr, %m)
             : (tensor<64xf32>, tensor<64xf32>, tensor<f32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>)
    graph.assign "w" = %w1 : tensor<64xf32>
    graph.assign "w.momentum" = %m1 : tensor<64xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu"} {
  // CHECK-LABEL: func @unless_its_old_value_is_read_later
  func.func @unless_its_old_value_is_read_later(%g: tensor<64xf32>, %lr: tensor<f32>) -> tensor<64xf32> {
    // CHECK: rt.slice "w" parameter at 0 live[0, 3)
    // CHECK: %[[N:.*]] = rt.slice "n" activation at {{[1-9][0-9]*}} live[1, 4)
    // CHECK: %[[W1:.*]] = rt.slice "w.new" parameter at 0 live[3, 5) updates "w"
    // CHECK: rt.call "Sgd"
    // CHECK: rt.call "Relu"
    // CHECK: rt.call "Copy" {count = 64 : i64}(%[[N]]) outs(%[[W1]])
    %w = graph.variable parameter "w" : tensor<64xf32> = #graph.constant<0.0>
    %n = rt.call "Sgd" {count = 64 : i64} (%w, %g, %lr) : (tensor<64xf32>, tensor<64xf32>, tensor<f32>) -> tensor<64xf32> loc("n")
    graph.assign "w" = %n : tensor<64xf32>
    %y = rt.call "Relu" {count = 64 : i64} (%w) : (tensor<64xf32>) -> tensor<64xf32> loc("y")
    return %y : tensor<64xf32>
  }
}

// -----

// A sharded update: each rank updates its block, and the new blocks are gathered into the parameter
// itself, for its old value has been read by then.
module attributes {rt.target = "cpu", dist.mesh = #dist.mesh<x = 2>} {
  // CHECK-LABEL: func @blocks_are_gathered_into_the_variable
  func.func @blocks_are_gathered_into_the_variable(%x: tensor<64xf32>, %lr: tensor<f32>) {
    // CHECK: rt.slice "w" parameter at 0 live[0, 5)
    // CHECK: %[[P:.*]] = rt.slice "w.grad.part" gradient at {{.*}} live[1, 3)
    // CHECK: %[[G:.*]] = rt.slice "w.grad" gradient at {{.*}} live[2, 5) : memref<32xf32>
    // CHECK: %[[B:.*]] = rt.slice "block" activation at [[B_AT:[0-9]+]] live[3, 4)
    // CHECK: %[[N:.*]] = rt.slice "block.new" activation at [[B_AT]] live[4, 6)
    // CHECK: %[[W1:.*]] = rt.slice "w.new" parameter at 0 live[5, 7) updates "w"
    // CHECK: rt.call "ReduceScatter" {{.*}}(%[[P]]) outs(%[[G]])
    // CHECK: rt.call "Sgd" {{.*}}(%[[B]], %[[G]], %{{.*}}) outs(%[[N]])
    // CHECK: rt.call "AllGather" {{.*}}(%[[N]]) outs(%[[W1]])
    %w = graph.variable parameter "w" : tensor<64xf32> = #graph.constant<0.0>
    %p = rt.call "Add" {count = 64 : i64} (%w, %x) : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32> loc("p")
    %g = rt.call "ReduceScatter" {axes = array<i64: 0>, dims = array<i64: 0>} (%p) workspace 0 : (tensor<64xf32>) -> tensor<32xf32> loc("g")
    %b = rt.call "CopySlice" {axes = array<i64: 0>, dim = 0 : i64} (%w) : (tensor<64xf32>) -> tensor<32xf32> loc("block")
    %n = rt.call "Sgd" {count = 32 : i64} (%b, %g, %lr) : (tensor<32xf32>, tensor<32xf32>, tensor<f32>) -> tensor<32xf32> loc("block.new")
    %w1 = rt.call "AllGather" {axes = array<i64: 0>, dims = array<i64: 0>} (%n) workspace 0 : (tensor<32xf32>) -> tensor<64xf32> loc("gathered")
    graph.assign "w" = %w1 : tensor<64xf32>
    return
  }
}

// -----

module attributes {rt.target = "cpu", dist.mesh = #dist.mesh<x = 2>} {
  // CHECK-LABEL: func @an_all_reduce_works_in_place
  func.func @an_all_reduce_works_in_place(%a: tensor<64xf32>, %b: tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>) {
    // CHECK: rt.slice "arg0" input at [[A:[0-9]+]] live[0, 1)
    // CHECK: rt.slice "arg1" input at [[B:[0-9]+]] live[0, 1)
    // CHECK: rt.slice "sums" activation at [[A]] live[1, 3)
    // CHECK: rt.slice "sums#1" activation at [[B]] live[1, 3)
    // CHECK-NOT: Copy
    %s:2 = rt.call "AllReduce" {axes = array<i64: 0>} (%a, %b) workspace 0 : (tensor<64xf32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>) loc("sums")
    return %s#0, %s#1 : tensor<64xf32>, tensor<64xf32>
  }

  // What it must not overwrite is copied: what is read later, what stands twice, a variable.
  // CHECK-LABEL: func @copies_are_summed_where_others_read
  func.func @copies_are_summed_where_others_read(%a: tensor<64xf32>) -> tensor<64xf32> {
    // CHECK: %[[A:.*]] = rt.slice "arg0" input
    // CHECK: %[[W:.*]] = rt.slice "w" parameter
    // CHECK: %[[C1:.*]] = rt.slice "arg0.copy" activation
    // CHECK: %[[C2:.*]] = rt.slice "arg0.copy" activation
    // CHECK: %[[C3:.*]] = rt.slice "w.copy" activation
    // CHECK: rt.call "Copy" {count = 64 : i64}(%[[A]]) outs(%[[C1]])
    // CHECK: rt.call "Copy" {count = 64 : i64}(%[[A]]) outs(%[[C2]])
    // CHECK: rt.call "Copy" {count = 64 : i64}(%[[W]]) outs(%[[C3]])
    %w = graph.variable parameter "w" : tensor<64xf32> = #graph.constant<0.0>
    %s:3 = rt.call "AllReduce" {axes = array<i64: 0>} (%a, %a, %w) workspace 0
         : (tensor<64xf32>, tensor<64xf32>, tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
    %y = rt.call "Add" {count = 64 : i64} (%a, %s#0) : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
    return %y : tensor<64xf32>
  }
}

// -----

module attributes {rt.target = "cpu"} {
  // The first one's old value is saved, the second one's goes straight to its place.
  // CHECK-LABEL: func @variables_may_change_places
  func.func @variables_may_change_places() {
    // CHECK: %[[A:.*]] = rt.slice "a" state at 0 live
    // CHECK: %[[A_OLD:.*]] = rt.slice "a.old" activation
    // CHECK: %[[B:.*]] = rt.slice "b" state at 256 live
    // CHECK: %[[A_NEW:.*]] = rt.slice "a.new" state at 0 live
    // CHECK: %[[B_NEW:.*]] = rt.slice "b.new" state at 256 live
    // CHECK: rt.call "Copy" {{.*}}(%[[A]]) outs(%[[A_OLD]])
    // CHECK: rt.call "Copy" {{.*}}(%[[B]]) outs(%[[A_NEW]])
    // CHECK: rt.call "Copy" {{.*}}(%[[A_OLD]]) outs(%[[B_NEW]])
    %a = graph.variable state "a" : tensor<64xf32> = #graph.constant<0.0>
    %b = graph.variable state "b" : tensor<64xf32> = #graph.constant<1.0>
    graph.assign "a" = %b : tensor<64xf32>
    graph.assign "b" = %a : tensor<64xf32>
    return
  }

  // CHECK-LABEL: func @in_either_order
  func.func @in_either_order() {
    // CHECK: %[[B:.*]] = rt.slice "b" state at 256 live
    // CHECK: %[[B_OLD:.*]] = rt.slice "b.old" activation
    // CHECK: %[[A:.*]] = rt.slice "a" state at 0 live
    // CHECK: rt.call "Copy" {{.*}}(%[[B]]) outs(%[[B_OLD]])
    // CHECK: rt.call "Copy" {{.*}}(%[[A]]) outs(
    // CHECK: rt.call "Copy" {{.*}}(%[[B_OLD]]) outs(
    %b = graph.variable state "b" : tensor<64xf32> = #graph.constant<1.0>
    %a = graph.variable state "a" : tensor<64xf32> = #graph.constant<0.0>
    graph.assign "a" = %b : tensor<64xf32>
    graph.assign "b" = %a : tensor<64xf32>
    return
  }

  // CHECK-LABEL: func @one_value_may_go_to_two
  func.func @one_value_may_go_to_two(%x: tensor<64xf32>) {
    // CHECK: %[[NEW:.*]] = rt.slice "a.new" state at 0 live[1, 4) updates "a"
    // CHECK: %[[COPY:.*]] = rt.slice "b.new" state at 256 live[2, 4) updates "b"
    // CHECK: rt.call "Relu" {{.*}} outs(%[[NEW]])
    // CHECK: rt.call "Copy" {{.*}}(%[[NEW]]) outs(%[[COPY]])
    %a = graph.variable state "a" : tensor<64xf32> = #graph.constant<0.0>
    %b = graph.variable state "b" : tensor<64xf32> = #graph.constant<1.0>
    %y = rt.call "Relu" {count = 64 : i64} (%x) : (tensor<64xf32>) -> tensor<64xf32>
    graph.assign "a" = %y : tensor<64xf32>
    graph.assign "b" = %y : tensor<64xf32>
    return
  }

  // CHECK-LABEL: func @an_old_value_may_be_returned
  func.func @an_old_value_may_be_returned(%x: tensor<64xf32>) -> tensor<64xf32> {
    // CHECK: %[[OLD:.*]] = rt.slice "a.old" activation
    // CHECK: return %[[OLD]]
    %a = graph.variable state "a" : tensor<64xf32> = #graph.constant<0.0>
    %y = rt.call "Add" {count = 64 : i64} (%a, %x) : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32>
    graph.assign "a" = %y : tensor<64xf32>
    return %a : tensor<64xf32>
  }
}

// -----

// Functions never run at once: variables stand at the same offsets in both, temporaries share what
// is above. 256 bytes of w, then the larger function's 512.
// CHECK: rt.arena = 768
module attributes {rt.target = "cpu"} {
  // CHECK-LABEL: func @functions_share
  func.func @functions_share(%x: tensor<8x8xf32>) -> tensor<8x8xf32> {
    // CHECK: rt.slice "arg0" input at [[X:256|512]] live
    // CHECK: rt.slice "w" parameter at 0 live
    %w = graph.variable parameter "w" : tensor<8x8xf32> = #graph.constant<0.0>
    %y = rt.call "LinearForward" {batch = 8 : i64, inputs = 8 : i64, outputs = 8 : i64} (%x, %w) workspace 0 : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
    return %y : tensor<8x8xf32>
  }
  // CHECK-LABEL: func @what_is_above_their_variables
  func.func @what_is_above_their_variables(%x: tensor<8x8xf32>) -> tensor<8x8xf32> {
    // CHECK: rt.slice "arg0" input at 256 live
    // CHECK: rt.slice "w" parameter at 0 live
    %w = graph.variable parameter "w" : tensor<8x8xf32> = #graph.constant<0.0>
    %y = rt.call "Add" {count = 64 : i64} (%x, %w) : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
    return %y : tensor<8x8xf32>
  }
}

// -----

// On the CUDA target the next step's batch is brought while a step, or an evaluation, runs: behind all
// else, and aligned. The labels are a few bytes, which are written without waiting.
// CHECK: rt.arena = 1264
module attributes {rt.target = "cuda"} {
  // CHECK-LABEL: func @step
  func.func @step(%x: tensor<60xf32> {graph.input = "images"} loc("images"),
                  %l: tensor<8xi32> {graph.input = "labels"} loc("labels")) -> tensor<60xf32> {
    // CHECK: rt.slice "images" input at 0 live{{.*}} {graph.input = "images"} : memref<60xf32>
    // CHECK: rt.slice "labels" input at 256 live{{.*}} {graph.input = "labels"} : memref<8xi32>
    // CHECK: rt.slice "images.next" input at 1024 live[0, 3) {rt.next = "images"} : memref<60xf32>
    // CHECK-NOT: rt.next
    %y = rt.call "Relu" {count = 60 : i64} (%x) : (tensor<60xf32>) -> tensor<60xf32> loc("y")
    return %y : tensor<60xf32>
  }
  // CHECK-LABEL: func @evaluate
  // CHECK-NOT: rt.next
  func.func @evaluate(%x: tensor<250xf32> {graph.input = "images"}) -> tensor<250xf32> {
    %y = rt.call "Relu" {count = 250 : i64} (%x) : (tensor<250xf32>) -> tensor<250xf32> loc("y")
    return %y : tensor<250xf32>
  }
}

// -----

// The CUDA target has a stream for communication: computation waits for a sum before the first call
// that reads it. Sizes are multiples of 256 bytes there.
module attributes {rt.target = "cuda", dist.mesh = #dist.mesh<x = 2>} {
  // CHECK-LABEL: func @a_sum_is_waited_for_where_it_is_read
  func.func @a_sum_is_waited_for_where_it_is_read(%x: tensor<64xf32>) -> tensor<64xf32> {
    // CHECK: %[[SUM:.*]] = rt.slice "sum" activation {{.*}} live[2, 4)
    // CHECK: rt.call "AllReduce" {{.*}} outs(%[[SUM]])
    // CHECK-NEXT: rt.call "Relu"
    // CHECK-NEXT: rt.join %[[SUM]] : memref<64xf32>
    // CHECK-NEXT: rt.call "Add"
    %a = rt.call "Relu" {count = 64 : i64} (%x) : (tensor<64xf32>) -> tensor<64xf32> loc("a")
    %s = rt.call "AllReduce" {axes = array<i64: 0>} (%a) workspace 0 : (tensor<64xf32>) -> tensor<64xf32> loc("sum")
    %y = rt.call "Relu" {count = 64 : i64} (%x) : (tensor<64xf32>) -> tensor<64xf32> loc("y")
    %z = rt.call "Add" {count = 64 : i64} (%s, %y) : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32> loc("z")
    return %z : tensor<64xf32>
  }

  // Call 2 runs until before call 4: what it reads (a) and works in is not used again by call 3.
  // CHECK-LABEL: func @until_then_its_memory_is_its_own
  func.func @until_then_its_memory_is_its_own(%x: tensor<64xf32>) -> tensor<64xf32> {
    // CHECK: rt.slice "a" activation at [[A:[0-9]+]] live[1, 4)
    // CHECK: rt.slice "moved" communication at {{.*}} live[2, 4)
    // CHECK: rt.slice "moved.workspace" communication at [[S:[0-9]+]] live[2, 4)
    // CHECK: rt.join
    %a = rt.call "Relu" {count = 64 : i64} (%x) : (tensor<64xf32>) -> tensor<64xf32> loc("a")
    %m = rt.call "AllToAll" {axes = array<i64: 0>, split = 0 : i64, concat = 0 : i64} (%a) workspace 256 : (tensor<64xf32>) -> tensor<64xf32> loc("moved")
    %y = rt.call "Relu" {count = 64 : i64} (%a) : (tensor<64xf32>) -> tensor<64xf32> loc("y")
    %z = rt.call "Add" {count = 64 : i64} (%m, %y) : (tensor<64xf32>, tensor<64xf32>) -> tensor<64xf32> loc("z")
    return %z : tensor<64xf32>
  }

  // Collectives are in order among each other; computation waits for the last of a chain.
  // CHECK-LABEL: func @collectives_follow_each_other_without
  func.func @collectives_follow_each_other_without(%x: tensor<64xf32>) -> tensor<64xf32> {
    // CHECK: rt.call "AllReduce"
    // CHECK-NEXT: rt.call "AllToAll" {{.*}} outs(%[[M:.*]]) :
    // CHECK-NEXT: rt.join %[[M]]
    // CHECK-NEXT: rt.call "Relu"
    // CHECK-NEXT: return
    %s = rt.call "AllReduce" {axes = array<i64: 0>} (%x) workspace 0 : (tensor<64xf32>) -> tensor<64xf32>
    %m = rt.call "AllToAll" {axes = array<i64: 0>, split = 0 : i64, concat = 0 : i64} (%s) workspace 0 : (tensor<64xf32>) -> tensor<64xf32>
    %y = rt.call "Relu" {count = 64 : i64} (%m) : (tensor<64xf32>) -> tensor<64xf32>
    return %y : tensor<64xf32>
  }

  // CHECK-LABEL: func @a_variable_is_not_updated_while_it_is_read
  func.func @a_variable_is_not_updated_while_it_is_read(%g: tensor<64xf32>, %lr: tensor<f32>) -> tensor<64xf32> {
    // CHECK: rt.call "AllToAll"
    // CHECK-NEXT: rt.join
    // CHECK-NEXT: rt.call "Sgd"
    %w = graph.variable parameter "w" : tensor<64xf32> = #graph.constant<0.0>
    %m = rt.call "AllToAll" {axes = array<i64: 0>, split = 0 : i64, concat = 0 : i64} (%w) workspace 0 : (tensor<64xf32>) -> tensor<64xf32>
    %n = rt.call "Sgd" {count = 64 : i64} (%w, %g, %lr) : (tensor<64xf32>, tensor<64xf32>, tensor<f32>) -> tensor<64xf32>
    graph.assign "w" = %n : tensor<64xf32>
    return %m : tensor<64xf32>
  }
}
