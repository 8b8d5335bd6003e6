#include "autopar/core/Block.h"

using namespace autopar;

void Block::forEachRun(const std::function<void(int64_t, int64_t, int64_t)> &run) const {
  // The innermost split dimension and all behind it make one run.
  int inner = global.size();
  int64_t count = 1;
  while (inner > 0 && box[inner - 1] == global[inner - 1])
    count *= box[--inner];
  int64_t innerElements = count;
  if (inner > 0)
    count *= box[--inner];
  const int64_t total = elements(box);

  Shape index; // of the run, in the dimensions before `inner`
  for (int dim = 0; dim < inner; ++dim)
    index.push_back(0);
  for (int64_t done = 0; done < total; done += count) {
    int64_t position = 0;
    for (int dim = 0; dim < inner; ++dim)
      position = position * global[dim] + offsets[dim] + index[dim];
    if (inner < global.size())
      position = position * global[inner] + offsets[inner];
    run(position * innerElements, done, count);
    for (int dim = inner - 1; dim >= 0 && ++index[dim] == box[dim]; --dim)
      index[dim] = 0;
  }
}
