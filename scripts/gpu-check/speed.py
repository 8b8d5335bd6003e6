"""Eight minutes of timing: ours and torch.compile take turns on one GPU, the most telling networks first;
a time for each call beside the step's; and what the device model should say of the device. Every turn
is a row at once, so that whatever comes later takes nothing away."""

import json
import re

from commands import Failed, TooLate
from programs import UNSTEADY, lines_of, rate_of
from torch_turns import TorchTurns

START = 45  # seconds that a program may take before its first step
COMPILE = 150  # seconds that torch.compile may take
TOGETHER = 2  # networks that PyTorch compiles at once: their memory has to be there at once, too


def run(check):
    programs = sorted(check.programs.of_part("speed"), key=lambda one: int(one.facts["order"]))
    rounds = [programs[i:i + TOGETHER] for i in range(0, len(programs), TOGETHER)]
    for number, some in enumerate(rounds):
        compare(check, some)
        if number == 0:
            for program in some:
                if f"{program.name}-calls" in check.programs.all:
                    check.part(f"calls of {program.name}", calls, check, program)
            check.part("device", device, check)


def compare(check, programs):
    """Ours first, which is then known whatever PyTorch does."""
    ours = {program.name: [] for program in programs}
    for program in programs:
        check.part(f"speed: {program.name}", our_turn, check, program, ours[program.name])
    torches = [TorchTurns(check, program) for program in programs]
    try:
        for torch in torches:
            torch.start()
        for torch in torches:
            torch.wait(COMPILE)  # for all, as one that compiles would disturb the others' runs
        for torch in torches:
            take_turns(check, torch, ours[torch.program.name])
    finally:
        for torch in torches:
            torch.end()


def take_turns(check, torch, ours):
    program, theirs = torch.program, []
    turns = int(program.facts.get("turns", 1))
    for turn in range(1, turns + 1):
        name = f"PyTorch: {program.name}" + (f", turn {turn}" if turns > 1 else "")
        if not check.part(name, their_turn, torch, ours, theirs):
            break
        if turn < turns:
            check.part(f"speed: {program.name}, turn {turn + 1}", our_turn, check, program, ours)


def our_turn(check, program, ours):
    seconds = float(program.facts["seconds"])
    steps = UNSTEADY + max(10, round(seconds / program.seconds_at_mark))
    late = ""
    try:
        check.programs.train(program, steps, START + 2 * seconds, *check.programs.batch(program))
    except TooLate as why:
        late = f"; {why}"
    try:  # the steps that it has made tell a rate, also where it was too late with all
        rate, count = rate_of(lines_of(check.programs.log(program)))
    except Failed as few:
        raise Failed(f"{few}{late}")
    ours.append(rate)
    check.step_seconds[program.name] = program.samples / rate
    mark = float(program.facts["mark"])
    return f"{rate:.0f} {program.unit}, {program.samples / rate * 1e3:.2f} ms a step, over {count} " \
        f"steps{late}", f"{mark:.0f} {program.unit}", rate >= mark


def their_turn(torch, ours, theirs):
    rate, way = torch.turn(float(torch.program.facts["seconds"]))
    theirs.append(rate)
    seen = f"PyTorch {rate:.0f} {torch.program.unit} ({way})"
    if not ours:
        return f"{seen}; there is no rate of ours to set beside it", "", None
    ratio = (sum(ours) / len(ours)) / (sum(theirs) / len(theirs))
    return f"{seen}, ours {ratio:.3f} times that", "1 time", ratio > 1


def calls(check, program):
    """Each call's time by the device's clock, in a step that runs call by call."""
    name = f"{program.name}-calls"
    file = f"{check.work}/{name}.json"
    check.programs.train(program, 3, START + 30, *check.programs.batch(program), "--timeline", file,
                         name=name)
    with open(file) as trace:
        times = [(event["name"], event["dur"]) for event in json.load(trace)["traceEvents"]
                 if event["ph"] == "X" and event["tid"] == 0]
    if not times:
        raise Failed("the timeline has no call")
    with open(f"{check.output}/{name}.tsv", "w") as table:
        for call, took in times:
            table.write(f"{took:.2f}\t{call}\n")
    kinds = {}
    for call, took in times:
        kind = re.match("[^_]+", call)[0]
        kinds[kind] = kinds.get(kind, 0) + took
    longest = sorted(kinds.items(), key=lambda one: -one[1])[:6]
    step = check.step_seconds.get(program.name)
    beside = f"the step {step * 1e3:.2f} ms" if step else "the step was not timed"
    return f"{len(times)} calls, {sum(took for _, took in times) / 1e3:.2f} ms together; {beside}; " + \
        ", ".join(f"{kind} {took / 1e3:.2f} ms" for kind, took in longest) + f" ({name}.tsv)", "", None


def device(check):
    sizes = check.facts.get("probe", "").split()
    found = json.loads(check.programs.run("probe", *sizes, seconds=60))
    with open(f"{check.output}/device.json", "w") as file:
        json.dump(found, file, indent=1)
    rates = ", ".join(f"{name} {rate / 1e12:.0f} TFLOP/s"
                      for name, rate in found["matmul_flops"].items())
    return f"memory {found['memory_bytes_per_second'] / 1e12:.2f} TB/s, launch " \
        f"{found['launch_seconds'] * 1e6:.2f} us, products: {rates}", "", None
