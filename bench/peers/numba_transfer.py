"""Transfer functions by a loop in numba on one core, for `npm run bench -- transfer`.

Speaks JSON, one object a line. The first line on stdin is the job:

    {"cell": {...}, "input": {"exc": {...}, "inh": {...}}, "nu_e": [...], "nu_i": [...],
     "dt": 0.05, "duration": 10000, "repeats": 4, "seed": 1}

every number in ms, mV, pA, nS, pF, Hz, as `spikefield transfer measure --json` names them. The loop is compiled, and what that
took is answered. Every further line measures the grid once more and is answered with the time and the rates. `--version` alone
answers the versions.

The loop is what one writes for speed on one core: scalars in registers, no arrays over time, and random numbers only where an
event comes, since the time to the next one is drawn (exponential gaps), not the count in each step.
"""

import json
import math
import sys
import time

import numba
import numpy


def answer(**fields):
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


@numba.njit(fastmath=True)
def seed_generator(seed):
    numpy.random.seed(seed)


@numba.njit(fastmath=True)
def neuron(cell, exc, inh, nu_e, nu_i, dt, steps):
    """Spikes of one neuron, and the mean and variance of V outside refractoriness."""
    C_m, g_L, E_L, V_T, Delta_T, V_r, tau_ref, a, b, tau_w = cell
    K_e, Q_e, tau_e, E_e = exc
    K_i, Q_i, tau_i, E_i = inh
    held_steps = round(tau_ref / dt) - 1
    V_spike = V_T + 5 * Delta_T
    decay_e, decay_i = math.exp(-dt / tau_e), math.exp(-dt / tau_i)
    # Mean steps from one event to the next.
    gap_e = 1000 / (K_e * nu_e * dt) if nu_e > 0 else math.inf
    gap_i = 1000 / (K_i * nu_i * dt) if nu_i > 0 else math.inf
    next_e = -math.log(1 - numpy.random.random()) * gap_e if nu_e > 0 else math.inf
    next_i = -math.log(1 - numpy.random.random()) * gap_i if nu_i > 0 else math.inf
    V, w, g_e, g_i, held = E_L, 0.0, 0.0, 0.0, 0
    spikes, counted, total, squares = 0, 0, 0.0, 0.0
    for step in range(steps):
        onset = g_L * Delta_T * math.exp((V - V_T) / Delta_T) if Delta_T > 0 else 0.0
        current = g_L * (E_L - V) + onset + g_e * (E_e - V) + g_i * (E_i - V) - w
        g_e *= decay_e
        g_i *= decay_i
        w += dt / tau_w * (a * (V - E_L) - w)
        if held > 0:
            held -= 1
        else:
            V += dt / C_m * current
            if V > V_spike:
                V = V_r
                w += b
                held = held_steps
                spikes += 1
            else:
                counted += 1
                total += V - E_L
                squares += (V - E_L) * (V - E_L)
        while next_e <= step + 1:
            g_e += Q_e
            next_e -= math.log(1 - numpy.random.random()) * gap_e
        while next_i <= step + 1:
            g_i += Q_i
            next_i -= math.log(1 - numpy.random.random()) * gap_i
    mean = total / counted
    return spikes, E_L + mean, squares / counted - mean * mean


@numba.njit(fastmath=True)
def measure(cell, exc, inh, nu_e, nu_i, dt, steps, repeats):
    """Mean spikes of each point, [nu_i, nu_e]."""
    spikes = numpy.zeros((nu_i.size, nu_e.size))
    moments = numpy.zeros((nu_i.size, nu_e.size, 2))
    for i in range(nu_i.size):
        for e in range(nu_e.size):
            for _ in range(repeats):
                count, mean, variance = neuron(cell, exc, inh, nu_e[e], nu_i[i], dt, steps)
                spikes[i, e] += count / repeats
                moments[i, e, 0] += mean / repeats
                moments[i, e, 1] += variance / repeats
    return spikes, moments


def main():
    if sys.argv[1:] == ["--version"]:
        answer(numba=numba.__version__, numpy=numpy.__version__, python=sys.version.split()[0])
        return
    try:
        job = json.loads(sys.stdin.readline())
        symbols = ["C_m", "g_L", "E_L", "V_T", "Delta_T", "V_r", "tau_ref", "a", "b", "tau_w"]
        cell = tuple(float(job["cell"][symbol]) for symbol in symbols)
        exc, inh = (
            tuple(float(job["input"][kind][field]) for field in ["K", "Q", "tau", "E_rev"])
            for kind in ["exc", "inh"]
        )
        nu_e, nu_i = numpy.array(job["nu_e"], float), numpy.array(job["nu_i"], float)
        dt, repeats = float(job["dt"]), int(job["repeats"])
        steps = round(job["duration"] / dt)
        started = time.perf_counter()
        seed_generator(job["seed"])
        measure(cell, exc, inh, nu_e[:1], nu_i[:1], dt, 10, 1)
        answer(compile_s=time.perf_counter() - started)
        for _ in sys.stdin:
            seed_generator(job["seed"])
            started = time.perf_counter()
            spikes, _ = measure(cell, exc, inh, nu_e, nu_i, dt, steps, repeats)
            run_s = time.perf_counter() - started
            answer(run_s=run_s, rates_hz=(spikes / job["duration"] * 1000).tolist())
    except Exception as error:
        answer(error=f"{type(error).__name__}: {error}")
        sys.exit(1)


main()
