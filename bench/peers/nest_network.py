"""The same network in NEST, for `npm run bench -- peers`: aeif_cond_exp, one run a process.

Speaks JSON, one object a line. The only line on stdin is the job:

    {"network": ..., "duration_ms": 500, "statistics_from_step": 2500, "seed": 1, "threads": 2, "spikes": "folder"}

where `network` is what Spikefield records of a run (docs/network-file.md), every number in ms, mV, pA, nS, pF, Hz. The
answer holds times, memory and activity; spikes are left in the folder as arrays, <population>-times.npy (ms) and
<population>-neurons.npy. `--version` alone answers the versions.

What NEST prints goes to stderr, so that stdout holds the answers alone. What this script cannot translate it refuses.
NEST integrates with its own adaptive method and has no delay below a step: a delay of 0 is one step.
"""

import json
import os
import sys
import time
import traceback

# NEST prints from C++ too: the answers get a copy of descriptor 1, everything else goes to stderr.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import nest  # noqa: E402
import numpy  # noqa: E402


class Refusal(Exception):
    """What this script cannot do, as a sentence."""


def refuse(sentence):
    raise Refusal(sentence)


def answer(**fields):
    answers.write(json.dumps(fields) + "\n")
    answers.flush()


def constant(value, what):
    if not isinstance(value, (int, float)):
        refuse(f"{what} changes in time, which this comparison does not translate")
    return value


def peak_memory():
    """Largest resident memory of this process, bytes; None where the system does not tell."""
    try:
        with open("/proc/self/status") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None


def value_of(initial, what):
    if isinstance(initial, (int, float)):
        return initial
    if "uniform" in initial:
        return nest.random.uniform(min=initial["uniform"]["low"], max=initial["uniform"]["high"])
    if "normal" in initial:
        return nest.random.normal(mean=initial["normal"]["mean"], std=initial["normal"]["sd"])
    return refuse(f"the initial values of {what} are a list, which this comparison does not translate")


class Model:
    """A network as NEST nodes."""

    def __init__(self, network):
        self.network = network
        receptors = network["receptors"]
        if len(receptors) != 2:
            refuse("aeif_cond_exp has two receptors, no more and no less")
        # NEST tells its two receptors by the sign of the weight: the higher reversal potential is the positive one.
        inhibitory, excitatory = sorted(receptors, key=lambda name: receptors[name]["E_rev"])
        self.sign = {excitatory: 1.0, inhibitory: -1.0}
        self.symbol = {excitatory: "ex", inhibitory: "in"}
        self.nodes = {name: self.population(name) for name in network["populations"]}
        for name in network["populations"]:
            self.drives(name)
        for projection in network["projections"].values():
            self.projection(projection)
        self.recorders = {name: nest.Create("spike_recorder") for name in self.nodes}
        for name, nodes in self.nodes.items():
            nest.Connect(nodes, self.recorders[name])

    def population(self, name):
        population = self.network["populations"][name]
        for field in ("events", "neuron_current", "noise", "neuron_cell"):
            if population.get(field):
                refuse(f"population {name} has {field}, which this comparison does not translate")
        cell = population["cell"]
        V_spike = cell["V_T"] + 5 * cell["Delta_T"]
        parameters = {
            "C_m": cell["C_m"],
            "g_L": cell["g_L"],
            "E_L": cell["E_L"],
            "V_th": cell["V_T"],
            "V_peak": V_spike,
            "V_reset": cell["V_r"],
            "Delta_T": cell["Delta_T"],
            "a": cell["a"],
            "b": cell["b"],
            "tau_w": cell["tau_w"],
            "t_ref": cell["tau_ref"],
            "I_e": constant(population["current"], f"the current of population {name}"),
        }
        for receptor, symbol in self.symbol.items():
            parameters[f"E_{symbol}"] = self.network["receptors"][receptor]["E_rev"]
            parameters[f"tau_syn_{symbol}"] = self.network["receptors"][receptor]["tau"]
        nodes = nest.Create("aeif_cond_exp", population["size"], params=parameters)
        nodes.V_m = value_of(population["initial"]["V"], "V")
        nodes.w = value_of(population["initial"]["w"], "w")
        for receptor, initial in population["initial"]["g"].items():
            # NEST refuses conductances below 0, and so does this script, rather than cut a distribution off.
            if isinstance(initial, dict) and "normal" in initial:
                refuse(f"g of {receptor} starts normally distributed, of which NEST takes no value below 0")
            setattr(nodes, f"g_{self.symbol[receptor]}", value_of(initial, f"g of {receptor}"))
        return nodes

    def drives(self, name):
        for drive in self.network["populations"][name]["drive"]:
            if drive["statistics"] == "bernoulli":
                refuse(f"the drive of population {name} is bernoulli, which a poisson_generator is not")
            rate = drive["synapses"] * constant(drive["rate"], f"the rate of a drive of population {name}")
            generator = nest.Create("poisson_generator", params={"rate": rate})
            weight = self.sign[drive["receptor"]] * drive["weight"]
            nest.Connect(generator, self.nodes[name], syn_spec={"weight": weight, "delay": self.network["dt"]})

    def projection(self, projection):
        if not all(isinstance(projection[field], (int, float)) for field in ("weight", "delay")):
            refuse("a projection's weights or delays vary, which this comparison does not translate")
        connect, rule = projection["connect"], projection["connect"]["rule"]
        if rule == "fixed-probability":
            how = {"rule": "pairwise_bernoulli", "p": connect["probability"]}
        elif rule == "all-to-all":
            how = {"rule": "all_to_all"}
        else:
            refuse(f"a projection by {rule} is one that this comparison does not translate")
        how["allow_autapses"] = projection["self_connections"]
        nest.Connect(
            self.nodes[projection["from"]],
            self.nodes[projection["to"]],
            how,
            {
                "synapse_model": "static_synapse",
                "weight": self.sign[projection["receptor"]] * projection["weight"],
                "delay": max(self.network["dt"], projection["delay"]),
            },
        )


def simulate(job):
    """Builds and runs, and answers times (s), memory (bytes) and activity (Hz)."""
    network = job["network"]
    began = time.perf_counter()
    nest.ResetKernel()
    nest.set(resolution=network["dt"], local_num_threads=job["threads"], rng_seed=job["seed"])
    model = Model(network)
    synapses = nest.num_connections
    nest.Prepare()
    built = time.perf_counter()
    nest.Run(job["duration_ms"])
    ended = time.perf_counter()
    nest.Cleanup()
    dt, first = network["dt"], job["statistics_from_step"]
    seconds = (job["duration_ms"] - first * dt) / 1000
    populations = {}
    for name, recorder in model.recorders.items():
        events = recorder.get("events")
        steps = numpy.rint(numpy.asarray(events["times"]) / dt)
        neurons = numpy.asarray(events["senders"]) - model.nodes[name][0].global_id
        size = network["populations"][name]["size"]
        rate = int((steps >= first).sum()) / (size * seconds)
        populations[name] = {"spikes": len(steps), "rate_hz": rate}
        # Outgoing connections to recorders and from generators are no synapses of the network.
        synapses -= size * (1 + len(network["populations"][name]["drive"]))
        order = numpy.argsort(steps, kind="stable")
        numpy.save(os.path.join(job["spikes"], f"{name}-times.npy"), steps[order] * dt)
        numpy.save(os.path.join(job["spikes"], f"{name}-neurons.npy"), neurons[order].astype("uint32"))
    answer(
        build_s=built - began,
        run_s=ended - built,
        peak_rss_bytes=peak_memory(),
        synapses=int(synapses),
        populations=populations,
    )


def main():
    if sys.argv[1:] == ["--version"]:
        answer(nest=nest.__version__, numpy=numpy.__version__, python=sys.version.split()[0])
        return
    try:
        simulate(json.loads(sys.stdin.readline()))
    except Exception as error:
        traceback.print_exc()
        answer(error=str(error) if isinstance(error, Refusal) else f"{type(error).__name__}: {error}")
        sys.exit(1)


main()
