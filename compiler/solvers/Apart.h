// Runs what may not end well in a process of its own. CBC and Clp are built with assertions, and
// now and then one of them fails on a sound program; that ends the child, and what it had found
// until then is kept.
//
// The child is a fork, so it has all that this process knows, and nothing must be handed over; only
// what it finds comes back, as messages through a pipe. It never returns into the caller: it ends
// by _exit, with no destructor of a static and no buffer of the parent's flushed.

#ifndef AUTOPAR_COMPILER_SOLVERS_APART_H
#define AUTOPAR_COMPILER_SOLVERS_APART_H

#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace autopar {

/// A message, put together and taken apart in the same order.
class Message {
public:
  Message() = default;
  explicit Message(std::string bytes) : text(std::move(bytes)) {}

  template <typename T> Message &put(const T &value) {
    static_assert(std::is_trivially_copyable_v<T>);
    text.append(reinterpret_cast<const char *>(&value), sizeof value);
    return *this;
  }
  template <typename T> Message &put(const std::vector<T> &values) {
    put(values.size());
    text.append(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T));
    return *this;
  }
  template <typename T> T take() {
    T value;
    std::memcpy(&value, text.data() + taken, sizeof value);
    taken += sizeof value;
    return value;
  }
  template <typename T> std::vector<T> takeList() {
    std::vector<T> values(take<size_t>());
    if (!values.empty())
      std::memcpy(values.data(), text.data() + taken, values.size() * sizeof(T));
    taken += values.size() * sizeof(T);
    return values;
  }

  const std::string &bytes() const { return text; }

private:
  std::string text;
  size_t taken = 0;
};

struct Apart {
  /// In the child: does the work, and tells of it.
  using Tell = std::function<void(const Message &)>;
  std::function<void(const Tell &tell)> work;
  /// In the parent: hears each message in turn.
  std::function<void(Message &)> hear;
  /// In the parent, every now and then: whether the child, which has used so many seconds of
  /// processor time, may go on. It is killed where it may not.
  std::function<bool(double seconds)> mayGoOn;

  struct End {
    enum Kind { Finished, Stopped, Crashed } kind = Crashed;
    std::string fault;  ///< Crashed: what it last said, or the signal's name
    double seconds = 0; ///< of processor time
  };
  /// Runs it to one of these ends.
  End run() const;
};

} // namespace autopar

#endif
