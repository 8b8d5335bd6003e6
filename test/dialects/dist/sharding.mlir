// RUN: autopar-opt %s | autopar-opt | FileCheck %s

// CHECK-LABEL: func @shardings
func.func @shardings() attributes {
  // CHECK: test.a = #dist.sharding<[]>
  test.a = #dist.sharding<[]>,
  // One axis, both axes and none on a dimension.
  // CHECK: test.b = #dist.sharding<[{}, {x}]>
  test.b = #dist.sharding<[{}, {x}]>,
  // CHECK: test.c = #dist.sharding<[{x, y}, {}, {}, {z}]>
  test.c = #dist.sharding<[{x, y}, {}, {}, {z}]>,
  // CHECK: test.d = #dist.sharding<[{x}, {}], unreduced {y, z}>
  test.d = #dist.sharding<[{x}, {}], unreduced {y, z}>,
  // CHECK: test.e = #dist.sharding<[{}]>
  test.e = #dist.sharding<[{}], unreduced {}>} {
  return
}
