// See Embedding.h.
#include "autopar/cpu/Embedding.h"

#include "autopar/cpu/Rows.h"
#include "autopar/cpu/Workspace.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <stdexcept>
#include <string>

using namespace autopar::cpu;

static void checkTokens(const char *call, const int32_t *tokens, int64_t rows,
                        int64_t vocabulary) {
  for (int64_t r = 0; r < rows; ++r)
    if (tokens[r] < 0 || tokens[r] >= vocabulary)
      throw std::out_of_range(std::string(call) + ": token " + std::to_string(tokens[r]) +
                              " of row " + std::to_string(r) + " is none of a vocabulary of " +
                              std::to_string(vocabulary) +
                              "; give data that was made with this vocabulary");
}

void Embedding::operator()(const int32_t *tokens, const float *table, float *y) const {
  checkTokens("Embedding", tokens, rows, this->table.whole[0]);
  const int64_t first = this->table.begin[0];
#pragma omp parallel for schedule(static) if (rows * channels > serialElements)
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t row = tokens[r] - first;
    if (row >= 0 && row < length)
      std::memcpy(y + r * channels, table + row * channels, channels * sizeof(float));
    else
      std::fill_n(y + r * channels, channels, 0.0f);
  }
}

size_t EmbeddingGrad::workspaceBytes() const { return alignUp(rows * sizeof(int64_t)); }

void EmbeddingGrad::requireWorkspace(size_t planned) const {
  cpu::requireWorkspace("EmbeddingGrad", workspaceBytes(), planned);
}

void EmbeddingGrad::operator()(const int32_t *tokens, const float *dy, float *dtable,
                               void *workspace) const {
  checkTokens("EmbeddingGrad", tokens, rows, table.whole[0]);
  // Rows by token, then by number: each row of the table finds its own side by side.
  int64_t *const order = static_cast<int64_t *>(workspace); // [rows]
  std::iota(order, order + rows, int64_t(0));
  std::sort(order, order + rows, [tokens](int64_t a, int64_t b) {
    return tokens[a] != tokens[b] ? tokens[a] < tokens[b] : a < b;
  });

#pragma omp parallel for schedule(dynamic, 16) if ((rows + length) * channels > serialElements)
  for (int64_t row = 0; row < length; ++row) {
    const int64_t token = table.begin[0] + row;
    const int64_t *const begin =
        std::partition_point(order, order + rows, [&](int64_t r) { return tokens[r] < token; });
    const int64_t *const end =
        std::partition_point(begin, const_cast<const int64_t *>(order + rows),
                             [&](int64_t r) { return tokens[r] == token; });
    float *const out = dtable + row * channels;
    if (begin == end || token == padding) {
      std::fill_n(out, channels, 0.0f);
      continue;
    }
    for (int64_t first = 0; first < channels; first += maxRun) {
      const int64_t length = std::min(maxRun, channels - first);
      alignas(alignment) double sums[maxRun] = {};
      for (const int64_t *r = begin; r != end; ++r) {
        const float *const in = dy + *r * channels + first;
#pragma omp simd
        for (int64_t c = 0; c < length; ++c)
          sums[c] += in[c];
      }
#pragma omp simd
      for (int64_t c = 0; c < length; ++c)
        out[first + c] = static_cast<float>(sums[c]);
    }
  }
}
