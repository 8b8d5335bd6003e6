// RUN: autopar-opt %s -split-input-file | autopar-opt -split-input-file | FileCheck %s

// CHECK: module attributes {dist.mesh = #dist.mesh<x = 4>}
module attributes {dist.mesh = #dist.mesh<x = 4>} {}

// -----

// CHECK: module attributes {dist.mesh = #dist.mesh<x = 2, y = 1, z = 8>}
module attributes {dist.mesh = #dist.mesh<x = 2, y = 1, z = 8>} {}
