// A number on its way from an arena to the host. It is what the arena held when it was asked
// for, however many steps have been put out since; whoever wants it waits for no more of them
// than those before.

#ifndef AUTOPAR_CORE_READING_H
#define AUTOPAR_CORE_READING_H

namespace autopar::inline runtime {

class Reading {
public:
  virtual ~Reading() = default;
  /// Waits for it.
  virtual void get(void *hostTo) = 0;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_READING_H
