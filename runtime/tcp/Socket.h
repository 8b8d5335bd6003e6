// A TCP connection as a value with an owner; whatever waits has a deadline.

#ifndef AUTOPAR_TCP_SOCKET_H
#define AUTOPAR_TCP_SOCKET_H

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace autopar::inline runtime {

using Deadline = std::chrono::steady_clock::time_point;

/// `seconds` from now.
Deadline after(double seconds);

class Socket {
public:
  Socket() = default;
  ~Socket();
  Socket(Socket &&other) noexcept : descriptor(std::exchange(other.descriptor, -1)) {}
  Socket &operator=(Socket &&other) noexcept {
    std::swap(descriptor, other.descriptor);
    return *this;
  }

  /// Listens on all addresses of this host. Throws std::runtime_error when the port is taken.
  static Socket listening(int port);

  /// Tries until somebody listens there. Throws std::runtime_error with the last reason.
  static Socket connected(const std::string &address, int port, Deadline deadline);

  /// The next who connects to a listening socket; nobody at the deadline.
  std::optional<Socket> accept(Deadline deadline) const;

  bool isOpen() const { return descriptor >= 0; }
  operator int() const { return descriptor; }

  /// False when the other side is gone.
  bool send(std::span<const std::byte> message) const;

  enum class Outcome { Whole, Gone, TooLate };
  Outcome receive(std::span<std::byte> message, Deadline deadline) const;

private:
  explicit Socket(int descriptor) : descriptor(descriptor) {}
  void talkAtOnce() const;

  int descriptor = -1;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_TCP_SOCKET_H
