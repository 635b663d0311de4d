"""The same network in Brian2's C++ standalone mode, written as its documentation teaches, for `npm run bench`.

Speaks JSON, one object a line. The first line on stdin is the job:

    {"network": ..., "duration_ms": 1000, "statistics_from_step": 5000, "seed": 1, "threads": 2, "directory": "..."}

and, with "spikes": "...", a folder where every run leaves its spikes as arrays, <population>-times.npy (ms) and
<population>-neurons.npy. `network` is what Spikefield records of a run (docs/network-file.md), every number in ms, mV, pA, nS, pF, Hz. The
network is generated and compiled in `directory`, and what that took is answered. Every further line simulates it once
more, from the start, and is answered with times, memory and activity. `--version` alone answers the versions.

What Brian2 and the compiler print goes to stderr, so that stdout holds the answers alone. What this script cannot
translate it refuses: a benchmark of another network than the one named would be worse than none.
"""

import json
import os
import sys
import time
import traceback

# The compiler and the simulation inherit descriptor 1: the answers get a copy of it, everything else goes to stderr.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import brian2  # noqa: E402
from brian2 import (  # noqa: E402
    Hz,
    Network,
    NeuronGroup,
    PoissonInput,
    SpikeMonitor,
    Synapses,
    device,
    ms,
    mV,
    nS,
    pA,
    pF,
    prefs,
    set_device,
)
import numpy  # noqa: E402

# Brian2 reports CPU time where there is one thread: these clocks tell wall time, which is what a user waits
# for, and the peak memory of the simulation alone (getrusage would count what its parent had before it).
CLOCKS = {
    "before_start": """
        const auto bench_start = std::chrono::steady_clock::now();
        auto bench_built = bench_start, bench_ended = bench_start;
    """,
    "before_network_run": "bench_built = std::chrono::steady_clock::now();",
    "after_network_run": "bench_ended = std::chrono::steady_clock::now();",
    "after_end": """
        {
            std::ofstream bench(brian::results_dir + "bench.txt");
            bench << std::chrono::duration<double>(bench_built - bench_start).count() << "\\n"
                  << std::chrono::duration<double>(bench_ended - bench_built).count() << "\\n";
            std::ifstream status("/proc/self/status");
            for (std::string line; std::getline(status, line);)
                if (line.compare(0, 6, "VmHWM:") == 0) bench << std::stoll(line.substr(6)) * 1024 << "\\n";
        }
    """,
}


class Refusal(Exception):
    """What this script or the machine cannot do, as a sentence."""


def refuse(sentence):
    raise Refusal(sentence)


def answer(**fields):
    answers.write(json.dumps(fields) + "\n")
    answers.flush()


def constant(value, what):
    """A number of the network, where it is one for all neurons and all times."""
    if not isinstance(value, (int, float)):
        refuse(f"{what} is not constant, which this comparison does not translate")
    return value


def receptors_of(network, name):
    """The receptors that anything acts on in a population."""
    population = network["populations"][name]
    used = {drive["receptor"] for drive in population["drive"]} | set(population["initial"]["g"])
    used |= {each["receptor"] for each in network["projections"].values() if each["to"] == name}
    return [receptor for receptor in network["receptors"] if receptor in used]


def initialise(group, variable, value, unit):
    if isinstance(value, (int, float)):
        setattr(group, variable, value * unit)
    elif "uniform" in value:
        low, high = value["uniform"]["low"], value["uniform"]["high"]
        setattr(group, variable, f"({low!r} + {high - low!r} * rand()) * {unit}")
    elif "normal" in value:
        mean, sd = value["normal"]["mean"], value["normal"]["sd"]
        setattr(group, variable, f"({mean!r} + {sd!r} * randn()) * {unit}")
    elif isinstance(value["values"], list):
        setattr(group, variable, value["values"] * unit)
    else:
        refuse(f"the initial values of {variable} are a long list, which this comparison does not translate")


class Model:
    """A network as Brian2 objects."""

    def __init__(self, network):
        if network["method"] != "euler":
            refuse(f"the method is {network['method']}, and this comparison translates euler only")
        self.network = network
        self.names = {receptor: f"g_{index}" for index, receptor in enumerate(network["receptors"])}
        self.groups = {name: self.population(index, name) for index, name in enumerate(network["populations"])}
        self.inputs = [each for name in network["populations"] for each in self.drives(name)]
        self.synapses = [self.projection(index, each) for index, each in enumerate(network["projections"].values())]
        self.spikes = {
            name: SpikeMonitor(group, name=f"spikes_{index}")
            for index, (name, group) in enumerate(self.groups.items())
        }

    def population(self, index, name):
        population = self.network["populations"][name]
        cell = population["cell"]
        if population["events"]:
            refuse(f"population {name} has events, which this comparison does not translate")
        if "neuron_current" in population:
            refuse(f"population {name} has a current for each neuron, which this comparison does not translate")
        for field in ("noise", "neuron_cell"):
            if population.get(field):
                refuse(f"population {name} has {field}, which this comparison does not translate")
        receptors = receptors_of(self.network, name)
        namespace = {
            "C_m": cell["C_m"] * pF,
            "g_L": cell["g_L"] * nS,
            "E_L": cell["E_L"] * mV,
            "V_T": cell["V_T"] * mV,
            "V_r": cell["V_r"] * mV,
            "a": cell["a"] * nS,
            "b": cell["b"] * pA,
            "tau_w": cell["tau_w"] * ms,
            "V_spike": (cell["V_T"] + 5 * cell["Delta_T"]) * mV,
            "I": constant(population["current"], f"the current of population {name}") * pA,
        }
        currents = ["g_L * (E_L - v)", "- w", "+ I"]
        if cell["Delta_T"] > 0:
            namespace["Delta_T"] = cell["Delta_T"] * mV
            currents.append("+ g_L * Delta_T * exp((v - V_T) / Delta_T)")
        equations = ["dw/dt = (a * (v - E_L) - w) / tau_w : amp"]
        for receptor in receptors:
            g = self.names[receptor]
            namespace[f"tau_{g}"] = self.network["receptors"][receptor]["tau"] * ms
            namespace[f"E_{g}"] = self.network["receptors"][receptor]["E_rev"] * mV
            equations.append(f"d{g}/dt = -{g} / tau_{g} : siemens")
            currents.append(f"+ {g} * (E_{g} - v)")
        equations.append(f"dv/dt = ({' '.join(currents)}) / C_m : volt (unless refractory)")
        group = NeuronGroup(
            population["size"],
            "\n".join(equations),
            threshold="v > V_spike",
            reset="v = V_r; w += b",
            refractory=cell["tau_ref"] * ms,
            method="euler",
            namespace=namespace,
            name=f"population_{index}",
        )
        initialise(group, "v", population["initial"]["V"], mV)
        initialise(group, "w", population["initial"]["w"], pA)
        for receptor, value in population["initial"]["g"].items():
            initialise(group, self.names[receptor], value, nS)
        return group

    def drives(self, name):
        for drive in self.network["populations"][name]["drive"]:
            # PoissonInput draws binomial counts; of many synapses with small rates they are Poisson counts.
            if drive["statistics"] == "bernoulli":
                refuse(f"the drive of population {name} is bernoulli, which Brian2's PoissonInput is not")
            yield PoissonInput(
                self.groups[name],
                self.names[drive["receptor"]],
                N=drive["synapses"],
                rate=constant(drive["rate"], f"the rate of a drive of population {name}") * Hz,
                weight=drive["weight"] * nS,
            )

    def projection(self, index, projection):
        g = self.names[projection["receptor"]]
        synapses = Synapses(
            self.groups[projection["from"]],
            self.groups[projection["to"]],
            on_pre=f"{g}_post += weight",
            delay=projection["delay"] * ms,
            namespace={"weight": projection["weight"] * nS},
            name=f"synapses_{index}",
        )
        connect, rule = projection["connect"], projection["connect"]["rule"]
        recurrent = projection["from"] == projection["to"]
        # Brian2 is told a condition only where one is needed, as a user would.
        others = {"condition": "i != j"} if recurrent and not projection["self_connections"] else {}
        if rule == "fixed-probability":
            synapses.connect(p=connect["probability"], **others)
        elif rule == "all-to-all":
            synapses.connect(**others)
        elif rule == "one-to-one" and not others:
            synapses.connect(j="i")
        elif rule == "explicit" and isinstance(connect["sources"], list):
            synapses.connect(i=connect["sources"], j=connect["targets"])
        else:
            refuse(f"a projection by {rule} is one that this comparison does not translate")
        return synapses

    def objects(self):
        return [*self.groups.values(), *self.inputs, *self.synapses, *self.spikes.values()]


class CppStandalone:
    """Which of Brian2's modes is used; brian2cuda_network.py has another."""

    clocks = CLOCKS

    def versions(self):
        return {"brian2": brian2.__version__, "numpy": numpy.__version__, "python": sys.version.split()[0]}

    def use(self, job):
        prefs.devices.cpp_standalone.openmp_threads = 0 if job["threads"] == 1 else job["threads"]
        set_device("cpp_standalone", build_on_run=False, directory=job["directory"])

    def compiler(self, job):
        return "make and a C++ compiler" + (" with OpenMP" if job["threads"] > 1 else "")


def build(job, mode):
    """Generates and compiles, and says how long each took, s."""
    began = time.perf_counter()
    mode.use(job)
    device.headers += ["<chrono>", "<fstream>", "<string>"]
    for slot, code in mode.clocks.items():
        device.insert_code(slot, code)
    brian2.defaultclock.dt = job["network"]["dt"] * ms
    brian2.seed(job["seed"])
    model = Model(job["network"])
    Network(model.objects()).run(job["duration_ms"] * ms)
    try:
        device.build(directory=job["directory"], compile=True, run=False, with_output=False)
    except RuntimeError:
        refuse(f"what Brian2 generates could not be compiled: check that {mode.compiler(job)} can be called")
    compiling = device.timers["compile"]["make"]
    answer(generate_s=time.perf_counter() - began - compiling, compile_s=compiling)
    return model


def simulate(job, model):
    """Runs the compiled network, and answers times (s), memory (bytes) and activity (Hz)."""
    began = time.perf_counter()
    device.run(with_output=False)
    process = time.perf_counter() - began
    with open(os.path.join(device.results_dir, "bench.txt")) as file:
        construct, run, *peak = file.read().split()
    dt, first = job["network"]["dt"], job["statistics_from_step"]
    seconds = (job["duration_ms"] - first * dt) / 1000
    populations = {}
    for name, monitor in model.spikes.items():
        steps = numpy.rint(numpy.asarray(monitor.t / ms) / dt)
        size = job["network"]["populations"][name]["size"]
        rate = int((steps >= first).sum()) / (size * seconds)
        populations[name] = {"spikes": int(monitor.num_spikes), "rate_hz": rate}
        if "spikes" in job:
            order = numpy.argsort(steps, kind="stable")
            numpy.save(os.path.join(job["spikes"], f"{name}-times.npy"), steps[order] * dt)
            numpy.save(os.path.join(job["spikes"], f"{name}-neurons.npy"), numpy.asarray(monitor.i)[order].astype("uint32"))
    answer(
        build_s=float(construct),
        run_s=float(run),
        reported_run_s=device._last_run_time,
        process_s=process,
        peak_rss_bytes=int(peak[0]) if peak else None,
        synapses=sum(len(each) for each in model.synapses),
        populations=populations,
    )


def main(mode):
    if sys.argv[1:] == ["--version"]:
        answer(**mode.versions())
        return
    try:
        job = json.loads(sys.stdin.readline())
        model = build(job, mode)
        for _ in sys.stdin:
            simulate(job, model)
    except Exception as error:
        traceback.print_exc()
        answer(error=str(error) if isinstance(error, Refusal) else f"{type(error).__name__}: {error}")
        sys.exit(1)


if __name__ == "__main__":
    main(CppStandalone())
