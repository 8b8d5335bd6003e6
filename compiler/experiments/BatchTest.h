// Which batch size trains fastest in the memory there is: each is planned with the
// recomputation it takes, and the best is searched for between them.
//
//   batch_size: 512, peak memory: 73314.392 MB, through put: 254.286 images/s
#ifndef AUTOPAR_COMPILER_EXPERIMENTS_BATCHTEST_H
#define AUTOPAR_COMPILER_EXPERIMENTS_BATCHTEST_H

#include "compiler/experiments/Columns.h"
#include "compiler/experiments/Measurement.h"
#include "compiler/models/Models.h"

#include <memory>
#include <optional>

namespace autopar {

struct BatchOptions {
  std::string model;            ///< A name that the model generator knows.
  models::Options modelOptions; ///< Its batch is set for each row.
  std::vector<int64_t> batches; ///< Samples of a step over all ranks, rising.
  double budgetShare = 0.95;    ///< Of the device's memory, where no budget is given.
  double seconds = 45;          ///< For all plans together.
};

struct BatchRow {
  int64_t batch = 0;
  std::shared_ptr<const Compilation> plan; ///< Null: nothing fits.
  int64_t leastPeak = 0;                   ///< The least arena found where nothing fits.
  std::optional<Measurement> measured;

  int64_t peak() const { return plan->program.memory.arenaBytes; }
  /// Samples a second; 0 where nothing fits.
  double throughput() const;
  bool recomputes() const { return !plan->program.recomputation.sequence.empty(); }
};

struct BatchTest {
  std::string model, mesh, device;
  std::string samples; ///< What a sample is: `images`, `sequences`.
  int64_t budget = 0;  ///< Bytes of a rank's process.
  int64_t arenaBudget = 0; ///< Of them its arena's.
  std::vector<BatchRow>
      rows;          ///< Those of the list, then those of the search, in order of trial.
  size_t listed = 0; ///< How many are of the list.

  /// The row of the highest predicted throughput; null where nothing fits.
  const BatchRow *best() const;
};

/// Reads `512,1024`. Fails for what is no list of rising whole numbers above 0.
llvm::Expected<std::vector<int64_t>> parseBatches(llvm::StringRef text);

/// Fails after a diagnostic where the model cannot be made or compiled at all.
mlir::FailureOr<BatchTest> testBatches(mlir::MLIRContext &context, const BatchOptions &options,
                                       const CompileOptions &compile);

/// Builds and runs the plans of the list and the best one.
llvm::Error measureBatches(BatchTest &test, const CompileOptions &options,
                           llvm::StringRef folder, const RunOptions &run);

/// A line a batch, and at the end the best one.
void printBatches(const BatchTest &test, llvm::raw_ostream &out);

/// batch.csv, batch.json and batch.{gp,svg,png} in `folder`, which is made.
llvm::Error writeBatches(const BatchTest &test, llvm::StringRef folder);

} // namespace autopar

#endif
