// See WorkChecks.h.
#include "standin/checks/WorkChecks.h"

#include "standin/Report.h"
#include "standin/checks/Checks.h"
#include "standin/checks/KernelMemory.h"
#include "standin/checks/Written.h"
#include "standin/device/Memory.h"

using namespace standin;

static void checkWritten(const Work &work) {
  for (const Operand &operand : work.operands)
    if (operand.use == Use::Read && work.kind != Work::Kind::Copy)
      operand.forEachRow([&](const char *begin, size_t bytes) {
        if (const size_t first = firstUnwritten(begin, bytes); first < bytes)
          report(operand.name +
                 " is memory that nobody has written: " + describe(begin + first));
      });
}

static void noteWritten(const Work &work) {
  if (work.kind == Work::Kind::Copy) {
    const Operand &from = work.operands.at(0), &to = work.operands.at(1);
    return copyWritten(static_cast<const char *>(to.begin),
                       static_cast<const char *>(from.begin), to.rowBytes);
  }
  for (const Operand &operand : work.operands)
    if (operand.use == Use::Write)
      operand.forEachRow([&](const char *begin, size_t bytes) {
        (work.kind == Work::Kind::Fill ? markFilled : markWritten)(begin, bytes);
      });
}

void standin::runChecked(const Work &work, const Doing &doing, const Clock &known) {
  const auto shared = std::make_shared<const Doing>(doing);
  const auto use = [&](Use use, const char *begin, const char *end) {
    if (checks().races)
      useInOrder(shared, known, use, begin, end);
  };
  if (checks().memory)
    checkWritten(work);
  if (checks().races)
    for (const Operand &operand : work.operands)
      operand.forEachRow(
          [&](const char *begin, size_t bytes) { use(operand.use, begin, begin + bytes); });
  {
    const DeviceAccess access;
    work.run();
  }
  if (work.kernel)
    endKernel(use);
  if (checks().memory)
    noteWritten(work);
}
