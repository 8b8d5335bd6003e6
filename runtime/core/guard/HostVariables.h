// A rank's variables as the host looks at them between two steps, one at a time: what is
// copied, compared or judged of them is never all beside the arena at once.

#ifndef AUTOPAR_CORE_GUARD_HOSTVARIABLES_H
#define AUTOPAR_CORE_GUARD_HOSTVARIABLES_H

#include "autopar/core/Arena.h"
#include "autopar/core/Description.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace autopar::inline runtime {

class HostVariables {
public:
  /// `variables` and the arena must outlive this.
  HostVariables(std::span<const Variable> variables, Arena &arena);

  std::span<const Variable> variables() const { return all; }
  size_t bytes() const; ///< of all of them

  /// The bytes of this rank's shard after all steps that were put out: the arena's own where
  /// the host reads them, else a copy that lasts until the next is read.
  std::span<const std::byte> read(size_t variable);

  /// All of them, one behind the other, at once.
  void copyTo(std::byte *to) const;
  void writeFrom(const std::byte *from) const;

  /// The name of the first that holds a number which is not finite; empty where none does.
  std::string notFinite();
  /// Those that are not finite now are not looked at any more: a mask may be infinite.
  void exemptNotFinite();

private:
  std::span<const Variable> all;
  Memory &memory;
  std::vector<std::span<std::byte>> slices;
  std::vector<bool> exempt;
  std::vector<std::byte> copy; ///< of the variable that was read last
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_GUARD_HOSTVARIABLES_H
