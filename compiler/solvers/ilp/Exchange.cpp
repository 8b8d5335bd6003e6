// See Exchange.h. A worker that enters an epoch waits until all others have
// ended the one before, so none is ever more than an epoch ahead, and none waits
// for one that waits for it.

#include "compiler/solvers/ilp/Exchange.h"

#include <cmath>

namespace autopar::ilp {

double relativeGap(Int128 cost, Int128 bound) {
  if (cost <= bound)
    return 0;
  double scale = std::max(1.0, std::abs(static_cast<double>(cost)));
  return static_cast<double>(cost - bound) / scale;
}

bool Known::learn(const Known &other) {
  bool news = false;
  if (other.solution && (!solution || other.evaluation.cost < evaluation.cost)) {
    solution = other.solution;
    evaluation = other.evaluation;
    news = true;
  }
  if (other.bound && (!bound || *other.bound > *bound)) {
    bound = other.bound;
    news = true;
  }
  if (other.infeasible && !infeasible)
    news = infeasible = true;
  return news;
}

Exchange::Exchange(int workers, const Known &start, Work epoch,
                   std::function<void(const Known &)> changed)
    : epoch(epoch), changed(std::move(changed)), all(start), logs(workers) {}

void Exchange::tell(const Known &news) {
  std::lock_guard lock(mutex);
  if (!all.learn(news))
    return;
  ++version;
  changed(all);
}

void Exchange::meet(int worker, int64_t ended, const Known &own, Known &view) {
  std::unique_lock lock(mutex);
  logs[worker].entries.resize(ended, own);
  arrived.notify_all();
  auto size = static_cast<size_t>(ended);
  arrived.wait(lock, [&] {
    return std::all_of(logs.begin(), logs.end(), [&](const Log &log) {
      return log.complete || log.entries.size() >= size;
    });
  });
  for (const Log &log : logs)
    view.learn(log.entries[std::min(size, log.entries.size()) - 1]);
}

void Exchange::leave(int worker, const Known &own) {
  std::lock_guard lock(mutex);
  logs[worker].entries.push_back(own);
  logs[worker].complete = true;
  arrived.notify_all();
}

Worker::Worker(Exchange &exchange, int index, const Problem &problem, const RunClock &clock,
               double gap, double reserve)
    : exchange(exchange), index(index), problem(problem), clock(clock),
      secondsAtFirst(this->clock.secondsLeft()), gap(gap), reserve(reserve), own(exchange.all), view(exchange.all),
      epochs(exchange.epoch ? clock.spent() / exchange.epoch : 0) {
  if (exchange.epoch) { // what was known before holds for the epochs already over
    std::lock_guard lock(exchange.mutex);
    exchange.logs[index].entries.resize(epochs, own);
  }
}

double Worker::secondsLeft() {
  const Known &now = known();
  if (now.infeasible || now.closed(gap))
    return 0;
  return clock.secondsLeft() - (now.solution ? 0 : reserve);
}

void Worker::spend(Work work) {
  clock.spend(work);
  if (!exchange.epoch || clock.spent() / exchange.epoch == epochs)
    return;
  epochs = clock.spent() / exchange.epoch;
  exchange.meet(index, epochs, own, view);
}

const Known &Worker::known() {
  if (!exchange.epoch && version != exchange.version) {
    std::lock_guard lock(exchange.mutex);
    view.learn(exchange.all);
    version = exchange.version;
  }
  return view;
}

void Worker::tell(const Known &news) {
  own.learn(news);
  view.learn(news);
  exchange.tell(news);
}

void Worker::offer(const Solution &solution) {
  spend(static_cast<Work>(problem.nodes.size() + problem.edges.size()));
  Known news;
  news.evaluation = check(problem, solution);
  const Known &now = known();
  if (!news.evaluation.feasible ||
      (now.solution && now.evaluation.cost <= news.evaluation.cost))
    return;
  news.solution = std::make_shared<const Solution>(solution);
  tell(news);
}

void Worker::raiseBound(Int128 bound) {
  // Models hold only what can be as good as the best solution: their bounds may
  // lie above it, which proves it best and no more.
  const Known &now = known();
  Known news;
  news.bound = now.solution ? std::min(bound, now.evaluation.cost) : bound;
  if (!now.bound || *news.bound > *now.bound)
    tell(news);
}

void Worker::exhaust() {
  if (const Known &now = known(); now.solution)
    return raiseBound(now.evaluation.cost);
  Known news;
  news.infeasible = true;
  tell(news);
}

} // namespace autopar::ilp
