#include "autopar/tcp/Socket.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <thread>

using namespace autopar;

Deadline autopar::after(double seconds) {
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<std::chrono::steady_clock::duration>(
             std::chrono::duration<double>(seconds));
}

namespace {

/// Whether what `events` name (POLLIN, POLLOUT), or an end, comes before the deadline.
bool await(int descriptor, short events, Deadline deadline) {
  for (;;) {
    using namespace std::chrono_literals;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd wanted{descriptor, events, 0};
    const int ready = poll(&wanted, 1, static_cast<int>(std::clamp(left, 0ms, 1000ms).count()));
    if (ready > 0)
      return true;
    if (ready < 0 && errno != EINTR)
      throw std::runtime_error(std::string("cannot wait for a peer: ") + std::strerror(errno));
    if (left <= 0ms)
      return false;
  }
}

void set(int descriptor, int level, int option, int value) {
  setsockopt(descriptor, level, option, &value, sizeof value);
}

/// A port that nobody listens on may be the one that a socket which calls it is given: it has
/// called itself then.
bool talksToItself(int descriptor) {
  sockaddr_storage here = {}, there = {};
  socklen_t length = sizeof here, lengthThere = sizeof there;
  return getsockname(descriptor, reinterpret_cast<sockaddr *>(&here), &length) == 0 &&
         getpeername(descriptor, reinterpret_cast<sockaddr *>(&there), &lengthThere) == 0 &&
         std::memcmp(&here, &there, sizeof here) == 0;
}

/// Connects a socket that does not block, which it does from then on. Returns an errno, or 0.
int connectTo(int descriptor, const addrinfo &address, Deadline deadline) {
  if (connect(descriptor, address.ai_addr, address.ai_addrlen) != 0) {
    if (errno != EINPROGRESS)
      return errno;
    if (!await(descriptor, POLLOUT, deadline))
      return ETIMEDOUT;
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0)
      return error;
  }
  if (talksToItself(descriptor))
    return ECONNREFUSED;
  fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
  return 0;
}

} // namespace

Socket::~Socket() {
  if (isOpen())
    close(descriptor);
}

/// Small messages go out at once, and a host that is gone is noticed within two minutes.
void Socket::talkAtOnce() const {
  set(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, 30);
  set(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, 15);
  set(descriptor, IPPROTO_TCP, TCP_KEEPCNT, 6);
}

Socket Socket::listening(int port) {
  const auto fail = [port] {
    throw std::runtime_error("cannot listen on port " + std::to_string(port) + ": " +
                             std::strerror(errno) +
                             "; name another in MASTER_PORT, or in AUTOPAR_PORT");
  };
  const auto bindTo = [port](Socket &socket, auto address) {
    set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
    return bind(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0 &&
           listen(socket, SOMAXCONN) == 0;
  };
  // IPv6's socket takes IPv4's connections too, where there is IPv6.
  Socket both(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (both.isOpen()) {
    set(both, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    sockaddr_in6 any = {};
    any.sin6_family = AF_INET6;
    any.sin6_port = htons(static_cast<uint16_t>(port));
    if (bindTo(both, any))
      return both;
    if (errno != EADDRNOTAVAIL)
      fail();
  }
  Socket four(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in any = {};
  any.sin_family = AF_INET;
  any.sin_port = htons(static_cast<uint16_t>(port));
  if (!four.isOpen() || !bindTo(four, any))
    fail();
  return four;
}

Socket Socket::connected(const std::string &address, int port, Deadline deadline) {
  addrinfo wanted = {};
  wanted.ai_socktype = SOCK_STREAM;
  for (;;) {
    addrinfo *listed = nullptr;
    std::string reason;
    if (const int error =
            getaddrinfo(address.c_str(), std::to_string(port).c_str(), &wanted, &listed))
      reason = gai_strerror(error);
    const std::unique_ptr<addrinfo, void (*)(addrinfo *)> all(
        listed, [](addrinfo *list) { list ? freeaddrinfo(list) : void(); });
    for (const addrinfo *at = listed; at; at = at->ai_next) {
      Socket socket(::socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                             at->ai_protocol));
      // An address that swallows packets is not to keep the others from their turn.
      const int error =
          socket.isOpen() ? connectTo(socket, *at, std::min(deadline, after(10))) : errno;
      if (error == 0) {
        socket.talkAtOnce();
        return socket;
      }
      reason = std::strerror(error);
    }
    if (std::chrono::steady_clock::now() >= deadline)
      throw std::runtime_error("rank 0 is not at " + address + ":" + std::to_string(port) +
                               ": " + reason +
                               "; it may not have started, or MASTER_ADDR name another host");
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

std::optional<Socket> Socket::accept(Deadline deadline) const {
  while (await(descriptor, POLLIN, deadline)) {
    Socket peer(accept4(descriptor, nullptr, nullptr, SOCK_CLOEXEC));
    if (!peer.isOpen())
      continue; // It has gone already.
    peer.talkAtOnce();
    return peer;
  }
  return std::nullopt;
}

bool Socket::send(std::span<const std::byte> message) const {
  while (!message.empty()) {
    const ssize_t sent = ::send(descriptor, message.data(), message.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR)
      continue;
    if (sent < 0)
      return false;
    message = message.subspan(static_cast<size_t>(sent));
  }
  return true;
}

Socket::Outcome Socket::receive(std::span<std::byte> message, Deadline deadline) const {
  while (!message.empty()) {
    if (!await(descriptor, POLLIN, deadline))
      return Outcome::TooLate;
    const ssize_t got = recv(descriptor, message.data(), message.size(), 0);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return Outcome::Gone;
    message = message.subspan(static_cast<size_t>(got));
  }
  return Outcome::Whole;
}
