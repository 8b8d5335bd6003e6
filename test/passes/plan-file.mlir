// A plan by value name: written, read back, kept to; and what is said of one that does not fit.

// RUN: autopar-opt %s --autopar-solve-sharding="mesh=2 plan-out=%t.json" -o %t.mlir
// RUN: FileCheck %s --input-file=%t.json --check-prefix=SAVED
// SAVED:      "mesh": "2",
// SAVED-NEXT: "functions": {
// SAVED-NEXT:   "step": {
// SAVED-NEXT:     "x": "S0R",
// SAVED-NEXT:     "w": "RR -> RR",
// SAVED-NEXT:     "y": "S0R = S0R x RR",
// SAVED-NEXT:     "z": "S0R = S0R x RR"
// SAVED-NEXT:   }

// Read back it gives the same program, byte for byte; so does a second run without it.
// RUN: autopar-opt %s --autopar-solve-sharding="mesh=2 plan-in=%t.json" -o %t.again.mlir
// RUN: cmp %t.mlir %t.again.mlir
// RUN: autopar-opt %s --autopar-solve-sharding="mesh=2" -o %t.again.mlir
// RUN: cmp %t.mlir %t.again.mlir

// A plan may name only some values. Input channels split: partial sums, kept until somebody asks;
// columns: the other way to split w.
// RUN: echo '{"mesh": "2", "functions": {"step": {"w": "RS0 -> RS0", "y": "RR|U0 = RS0 x RS0"}}}' > %t.json
// RUN: autopar-opt %s --autopar-solve-sharding="mesh=2 plan-in=%t.json" --mlir-use-nameloc-as-prefix | FileCheck %s --check-prefix=INPUTS
// INPUTS: %y = graph.linear %x, %w {{.*}} results = [#dist.sharding<[{}, {}], unreduced {x}>]
// RUN: echo '{"mesh": "2", "functions": {"step": {"y": "RS0 = RR x S0R"}}}' > %t.json
// RUN: autopar-opt %s --autopar-solve-sharding="mesh=2 plan-in=%t.json" --mlir-use-nameloc-as-prefix | FileCheck %s --check-prefix=OUTPUTS
// OUTPUTS: %y = graph.linear %x, %w {{.*}} results = [#dist.sharding<[{}, {x}]>]

// RUN: echo '{"mesh": "2x2", "functions": {}}' > %t.json
// RUN: not autopar-opt %s --autopar-solve-sharding="mesh=2 plan-in=%t.json" 2>&1 | FileCheck %s --check-prefix=MESH
// MESH: error: plan file {{.*}}.json is for mesh 2x2, not 2

// RUN: echo '{"mesh": "2", "functions": {"step": {"layer1": "R"}}}' > %t.json
// RUN: not autopar-opt %s --autopar-solve-sharding="mesh=2 plan-in=%t.json" 2>&1 | FileCheck %s --check-prefix=MODEL
// MODEL: error: plan file {{.*}}.json is for another model: @step has no value "layer1"

// RUN: echo '{"mesh": "2", "functions": {"evaluate": {}}}' > %t.json
// RUN: not autopar-opt %s --autopar-solve-sharding="mesh=2 plan-in=%t.json" 2>&1 | FileCheck %s --check-prefix=FUNCTION
// FUNCTION: error: plan file {{.*}}.json is for another model: it names a function @evaluate

// RUN: echo '{"mesh": "2", "functions": {"step": {"y": "S0S0 = S0R x S0R"}}}' > %t.json
// RUN: not autopar-opt %s --autopar-solve-sharding="mesh=2 plan-in=%t.json" 2>&1 | FileCheck %s --check-prefix=STRATEGY
// STRATEGY: error: {{.*}}"y" cannot be S0S0 = S0R x S0R
// STRATEGY: note: {{.*}}possible are
// STRATEGY-NEXT: RR = RR x RR
// STRATEGY-NEXT: S0R = S0R x RR
// STRATEGY-NEXT: RS0 = RR x S0R
// STRATEGY-NEXT: RR|U0 = RS0 x RS0

// RUN: echo '{"mesh": "2", "functions": {"step": {"x": "RS0"}}}' > %t.json
// RUN: not autopar-opt %s --autopar-solve-sharding="mesh=2 plan-in=%t.json" 2>&1 | FileCheck %s --check-prefix=ARGUMENT
// ARGUMENT: error: {{.*}}"x" cannot be kept as RS0; possible are RR, S0R

// w has two readers and is kept as something of its own; y is not.
// Of what cannot go together the fewest are named: z has no part in it.
// RUN: echo '{"mesh": "2", "functions": {"step": {"w": "RS0 -> RR|U0", "z": "RR = RR x RR"}}}' > %t.json
// RUN: not autopar-opt %s --autopar-solve-sharding="mesh=2 plan-in=%t.json" 2>&1 | FileCheck %s --check-prefix=KEPT
// KEPT: error: {{.*}}no sharding is possible
// KEPT-NOT: wished for: "z"
// KEPT: note: {{.*}}wished for: "w kept" as RR|U0, in the plan
// KEPT-NOT: wished for
// KEPT: note: {{.*}}this wish cannot be met
// RUN: echo '{"mesh": "2", "functions": {"step": {"z": "RR = RR x RR -> S0R"}}}' > %t.json
// RUN: not autopar-opt %s --autopar-solve-sharding="mesh=2 plan-in=%t.json" 2>&1 | FileCheck %s --check-prefix=READER
// READER: error: {{.*}}"z" cannot be kept as S0R; it is kept as it is made, for each reader to reshard

// RUN: echo '{"mesh": "2", "functions": {"step": {"x": 2}}}' > %t.json
// RUN: not autopar-opt %s --autopar-solve-sharding="mesh=2 plan-in=%t.json" 2>&1 | FileCheck %s --check-prefix=TYPE
// TYPE: error: plan file {{.*}}.json: the strategy of "x" is not a string such as "S0R = S0R x RR"
// RUN: echo '{"functions": {}}' > %t.json
// RUN: not autopar-opt %s --autopar-solve-sharding="mesh=2 plan-in=%t.json" 2>&1 | FileCheck %s --check-prefix=FIELDS
// FIELDS: error: plan file {{.*}}.json: needs a "mesh" and "functions"
// RUN: echo '{"mesh": ' > %t.json
// RUN: not autopar-opt %s --autopar-solve-sharding="mesh=2 plan-in=%t.json" 2>&1 | FileCheck %s --check-prefix=JSON
// JSON: error: plan file {{.*}}.json: {{\[}}2:0, byte=10]: Unexpected EOF
// RUN: not autopar-opt %s --autopar-solve-sharding="mesh=2 plan-in=%t.none" 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: plan file {{.*}}.none: No such file or directory
// RUN: not autopar-opt %s --autopar-solve-sharding="mesh=2 plan-out=%t.none/plan.json" 2>&1 | FileCheck %s --check-prefix=FOLDER
// FOLDER: error: {{.*}}there is no folder '{{.*}}.none'

//===- other options ----------------------------------------------------------------------===//

// RUN: not autopar-opt %s --autopar-solve-sharding=mesh=2y2 2>&1 | FileCheck %s --check-prefix=SYNTAX
// SYNTAX: error: mesh '2y2': '2y2' is not a size; write one to three sizes joined by 'x', as in 4 or 2x4
// RUN: not autopar-opt %s --autopar-solve-sharding="mesh=2 device=abacus" 2>&1 | FileCheck %s --check-prefix=DEVICE
// DEVICE: error: {{.*}}abacus
// RUN: not autopar-opt %s --autopar-solve-sharding="mesh=2x2x2 device=%S/Inputs/even-links.json" 2>&1 | FileCheck %s --check-prefix=LINKS
// LINKS: error: device 'even-links' lists links for 2 mesh axes, the mesh 2x2x2 has 3

func.func @step(%x: tensor<8x64xf32> {graph.input = "x"} loc("x")) {
  %w = graph.variable parameter "w" : tensor<64x64xf32> = #graph.constant<0.0> loc("w")
  %y = graph.linear %x, %w : (tensor<8x64xf32>, tensor<64x64xf32>) -> tensor<8x64xf32> loc("y")
  %z = graph.linear %y, %w : (tensor<8x64xf32>, tensor<64x64xf32>) -> tensor<8x64xf32> loc("z")
  return
}
