// See BatchTest.h.
#include "compiler/experiments/BatchTest.h"

#include "compiler/driver/ByteSize.h"
#include "compiler/experiments/Gnuplot.h"
#include "compiler/experiments/Progress.h"
#include "compiler/files/Files.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

#include <chrono>

using namespace mlir;
using llvm::formatv;

namespace autopar {

/// The search ends where a step is a smaller share of the batch.
static constexpr int64_t finest = 32;
/// About how many batches a search tries.
static constexpr int usualTrials = 10;
/// A plan asks solvers about so many times.
static constexpr double solvesPerPlan = 6, leastSolve = 0.1;

double BatchRow::throughput() const {
  return plan ? static_cast<double>(batch) / plan->program.prediction.seconds() : 0;
}

const BatchRow *BatchTest::best() const {
  const BatchRow *best = nullptr;
  for (const BatchRow &row : rows)
    if (row.plan && (!best || row.throughput() > best->throughput()))
      best = &row;
  return best;
}

llvm::Expected<std::vector<int64_t>> parseBatches(llvm::StringRef text) {
  std::vector<int64_t> batches;
  llvm::SmallVector<llvm::StringRef> parts;
  text.split(parts, ',');
  for (llvm::StringRef part : parts) {
    int64_t batch;
    if (part.trim().getAsInteger(10, batch) || batch < 1)
      return llvm::createStringError("'" + part +
                                     "' is no batch size; write whole numbers "
                                     "above 0, as in 512,1024");
    if (!batches.empty() && batch <= batches.back())
      return llvm::createStringError("%lld stands behind %lld; write batch sizes from the "
                                     "smallest to the largest",
                                     (long long)batch, (long long)batches.back());
    batches.push_back(batch);
  }
  return batches;
}

namespace {

class Tester {
public:
  Tester(MLIRContext &context, const BatchOptions &options, const CompileOptions &compile)
      : context(context), options(options), compile(compile),
        progress("planning", static_cast<int>(options.batches.size()) + usualTrials),
        start(Clock::now()) {}

  FailureOr<BatchTest> run() {
    test.model = options.model;
    if (failed(findBudget()))
      return failure();
    for (int64_t batch : options.batches)
      if (!rowOf(batch))
        return failure();
    test.listed = test.rows.size();
    if (failed(search()))
      return failure();
    return std::move(test);
  }

private:
  using Clock = std::chrono::steady_clock;

  double secondsLeft() const {
    return options.seconds - std::chrono::duration<double>(Clock::now() - start).count();
  }

  LogicalResult findBudget() {
    if (compile.processBudget > 0 || compile.arenaBudget > 0)
      return success();
    llvm::Expected<DeviceModel> device = DeviceModel::load(deviceOf(compile));
    if (!device)
      return emitError(UnknownLoc::get(&context), llvm::toString(device.takeError()));
    compile.processBudget = static_cast<int64_t>(options.budgetShare * device->memory);
    return success();
  }

  /// The row of a batch, planned where it is not known yet; null after a diagnostic.
  const BatchRow *rowOf(int64_t batch) {
    for (const BatchRow &row : test.rows)
      if (row.batch == batch)
        return &row;
    progress.begin("batch " + std::to_string(batch));
    models::Options wishes = options.modelOptions;
    wishes.batch = batch;
    OwningOpRef<ModuleOp> model = models::buildModel(context, options.model, wishes);
    if (!model)
      return nullptr;
    test.samples = samplesOf(*model);
    int trials = std::max<int>(usualTrials / 2, options.batches.size() + usualTrials -
                                                    static_cast<int>(test.rows.size()));
    compile.timeLimit = std::max(leastSolve, secondsLeft() / trials / solvesPerPlan);
    std::unique_ptr<Compiler> compiler = Compiler::create(std::move(model), compile);
    if (!compiler)
      return nullptr;
    MemoryReport least;
    FailureOr<Compilation> plan = compiler->plan(&least);
    if (failed(plan) && least.arenaBytes == 0)
      return nullptr;
    BatchRow row;
    row.batch = batch;
    row.leastPeak = least.arenaBytes;
    if (succeeded(plan)) {
      row.plan = std::make_shared<Compilation>(std::move(*plan));
      test.mesh = row.plan->mesh.str();
      test.device = row.plan->device;
    }
    test.budget = compiler->processBudget();
    test.arenaBudget = compiler->arenaBudget();
    test.rows.push_back(std::move(row));
    progress.advance();
    return &test.rows.back();
  }

  static std::string samplesOf(ModuleOp model) {
    for (auto function : model.getOps<func::FuncOp>())
      for (unsigned i = 0; i < function.getNumArguments(); ++i)
        if (auto input = function.getArgAttrOfType<StringAttr>(i, graph::inputAttrName))
          if (input.getValue() == "images")
            return "images";
    return "sequences";
  }

  /// Throughput of a batch; no batch has less than 0 samples.
  FailureOr<double> throughputOf(int64_t batch) {
    const BatchRow *row = rowOf(batch);
    if (!row)
      return failure();
    return row->throughput();
  }

  /// From the best of the list by doubling and halving to a bracket, then by steps half as
  /// large each time. Throughput rises while launches are spread over more samples and falls
  /// once recomputation sets in, so there is one hill to climb, but for the solver's gaps.
  LogicalResult search() {
    int64_t ranks = llvm::cantFail(Mesh::parse(compile.mesh)).numRanks();
    const BatchRow *from = test.best();
    int64_t at = from ? from->batch : options.batches.front();
    while (!from && at > ranks) { // nothing of the list fits: less must
      const BatchRow *row = rowOf(at = std::max(ranks, at / 2));
      if (!row)
        return failure();
      if (row->plan)
        from = row;
    }
    if (!from)
      return success();
    for (bool grows : {true, false})
      while (secondsLeft() > 0) {
        int64_t next = grows ? at * 2 : at / 2;
        if (next < ranks)
          break;
        FailureOr<bool> better = isBetter(next, at);
        if (failed(better))
          return failure();
        if (!*better)
          break;
        at = next;
      }
    for (int64_t step = at / 4; step >= std::max(ranks, at / finest); step /= 2)
      for (int64_t next : {at + step, at - step}) {
        next -= next % ranks;
        if (next < ranks || secondsLeft() <= 0)
          continue;
        FailureOr<bool> better = isBetter(next, at);
        if (failed(better))
          return failure();
        if (*better) {
          at = next;
          break;
        }
      }
    return success();
  }

  FailureOr<bool> isBetter(int64_t batch, int64_t than) {
    FailureOr<double> one = throughputOf(batch), other = throughputOf(than);
    if (failed(one) || failed(other))
      return failure();
    return *one > *other;
  }

  MLIRContext &context;
  const BatchOptions &options;
  CompileOptions compile;
  Progress progress;
  Clock::time_point start;
  BatchTest test;
};

} // namespace

FailureOr<BatchTest> testBatches(MLIRContext &context, const BatchOptions &options,
                                 const CompileOptions &compile) {
  return Tester(context, options, compile).run();
}

llvm::Error measureBatches(BatchTest &test, const CompileOptions &options,
                           llvm::StringRef folder, const RunOptions &run) {
  const BatchRow *best = test.best();
  std::vector<BatchRow *> rows;
  std::vector<Trial> trials;
  for (auto [index, row] : llvm::enumerate(test.rows)) {
    if (!row.plan || (index >= test.listed && &row != best))
      continue;
    llvm::SmallString<128> place(folder);
    llvm::sys::path::append(place, "batch-" + std::to_string(row.batch));
    rows.push_back(&row);
    trials.push_back({row.plan.get(), place.str().str()});
  }
  llvm::Expected<std::vector<Measurement>> measured =
      measureTrials(trials, options, test.model, run);
  if (!measured)
    return measured.takeError();
  for (auto [row, measurement] : llvm::zip_equal(rows, *measured))
    row->measured = std::move(measurement);
  return llvm::Error::success();
}

/// The line as the field knows it; a megabyte is 1e6 bytes.
static std::string lineOf(const BatchTest &test, const BatchRow &row) {
  std::string line =
      formatv("batch_size: {0}, peak memory: {1:f3} MB, through put: {2:f3} {3}/s", row.batch,
              double(row.peak()) / 1e6, row.throughput(), test.samples);
  if (row.measured)
    line += formatv(", measured: process {0:f3} MB, {1:f3} {2}/s",
                    row.measured->processBytes / 1e6,
                    double(row.batch) / row.measured->medianSeconds(), test.samples);
  return line;
}

void printBatches(const BatchTest &test, llvm::raw_ostream &out) {
  out << formatv("{0}, mesh {1}, device {2}, budget {3} a rank, {4} of it for the arena\n",
                 test.model, test.mesh, test.device, formatByteSize(double(test.budget)),
                 formatByteSize(double(test.arenaBudget)));
  for (const BatchRow &row : llvm::drop_begin(test.rows, test.listed))
    if (row.plan)
      out << formatv("tried: batch {0}, {1:f1} {2}/s, {3}\n", row.batch, row.throughput(),
                     test.samples, row.recomputes() ? "recomputing" : "without recomputation");
    else
      out << formatv("tried: batch {0}, nothing fits\n", row.batch);
  for (const BatchRow &row : llvm::ArrayRef(test.rows).take_front(test.listed))
    if (row.plan)
      out << lineOf(test, row) << "\n";
    else
      out << formatv("batch_size: {0}, nothing fits; the least peak found is {1:f3} MB\n",
                     row.batch, double(row.leastPeak) / 1e6);
  if (const BatchRow *best = test.best())
    out << "best: " << lineOf(test, *best) << "\n";
  else
    out << "best: none; no batch fits\n";
}

static Table tableOf(const BatchTest &test) {
  Table table{{"batch", "feasible", "predicted_peak_bytes", "least_peak_bytes",
               "predicted_step_seconds", "predicted_samples_per_second", "recomputes",
               "measured_process_bytes", "measured_step_seconds", "measured_samples_per_second"},
              {}};
  std::vector<const BatchRow *> sorted;
  for (const BatchRow &row : test.rows)
    sorted.push_back(&row);
  llvm::sort(sorted, [](auto *a, auto *b) { return a->batch < b->batch; });
  auto word = [](bool yes) { return Cell(std::string(yes ? "yes" : "no")); };
  for (const BatchRow *row : sorted) {
    std::vector<Cell> cells(table.columns.size());
    cells[0] = row->batch;
    cells[1] = word(row->plan != nullptr);
    if (row->plan) {
      cells[2] = row->peak();
      cells[4] = row->plan->program.prediction.seconds();
      cells[5] = row->throughput();
      cells[6] = word(row->recomputes());
    } else {
      cells[3] = row->leastPeak;
    }
    if (row->measured) {
      cells[7] = row->measured->processBytes;
      cells[8] = row->measured->medianSeconds();
      cells[9] = double(row->batch) / row->measured->medianSeconds();
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

llvm::Error writeBatches(const BatchTest &test, llvm::StringRef folder) {
  if (std::error_code error = llvm::sys::fs::create_directories(folder))
    return llvm::createStringError("cannot make the folder '" + folder +
                                   "': " + error.message());
  llvm::SmallString<128> csv(folder), json(folder);
  llvm::sys::path::append(csv, "batch.csv");
  llvm::sys::path::append(json, "batch.json");
  Table table = tableOf(test);
  if (llvm::Error error =
          writeFile(csv, [&](llvm::raw_ostream &out) { table.writeCsv(out); }))
    return error;
  if (llvm::Error error = writeFile(json, [&](llvm::raw_ostream &out) {
        llvm::json::OStream stream(out, 2);
        stream.object([&] {
          stream.attribute("model", test.model);
          stream.attribute("mesh", test.mesh);
          stream.attribute("device", test.device);
          stream.attribute("budget_bytes", test.budget);
          stream.attribute("arena_budget_bytes", test.arenaBudget);
          if (const BatchRow *best = test.best())
            stream.attribute("best_batch", best->batch);
          stream.attributeBegin("rows");
          table.writeJson(stream);
          stream.attributeEnd();
        });
        out << "\n";
      }))
    return error;
  if (!test.best())
    return llvm::Error::success(); // nothing to show
  return drawPlot(
      folder, "batch",
      formatv(R"(set title {0}
set xlabel "batch"
set ylabel "{1} a second"
set y2label "peak of a rank [GiB]"
set y2tics textcolor rgb "#333333"
set border 11
set yrange [0:*]
set y2range [0:*]
set key bottom right
plot "batch.csv" every ::1 using 1:6 title "predicted speed" with linespoints ls 1, \
     "batch.csv" every ::1 using 1:10 title "measured speed" with points ls 2, \
     "batch.csv" every ::1 using 1:($3/2**30) axes x1y2 title "peak" with linespoints ls 3)",
              quoted(formatv("{0}, mesh {1}, {2}: speed in {3}", test.model, test.mesh,
                             test.device, formatByteSize(double(test.budget)))
                         .str()),
              test.samples)
          .str());
}

} // namespace autopar
