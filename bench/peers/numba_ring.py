"""Rings of mean-field units in Python, for `npm run bench -- ring`.

Speaks JSON, one object a line. The first line on stdin is the job, every number in ms, mm, mm/s, mV, nS, pF, Hz:

    {"dt": 0.5, "T": 5, "units": 30, "extent": 36, "amplitude": 15, "rest": [nu_e, nu_i], "mu_V": -54.8, "as_published": true,
     "populations": [{"C_m": 200, "g_L": 10, "E_L": -65, "exc": [K, Q, tau, E_rev], "inh": [...], "drive": 4,
                      "coefficients_mV": [11 numbers]}, ... the excitatory one first],
     "rings": [[velocity, stimulus extent, excitatory extent, inhibitory extent, tau2, tau1], ...]}

What compiling took is answered. Every further line is a run, {"way": "python" | "numba", "threads": 1, "every": 25}, of each `every`-th
ring, and is answered with the time, the rings that ran, and the largest membrane response of the first and the last of them.

    python   the loop of the notebook as it stands there: numpy scalars, and the weight of every neighbour anew in every step
    numba    the same loop, weights and delays tabulated, compiled with fastmath, rings in parallel on one or more threads
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


def make(sqrt, exp, log, compiled):
    """Moments and rate of a population; p is C_m g_L E_L, K Q tau E of either kind, what stands for tau_i, coefficients."""

    @compiled
    def mean_potential(p, nu_e, nu_i):
        G_e, G_i = 1e-3 * p[3] * nu_e * p[4] * p[5], 1e-3 * p[7] * nu_i * p[8] * p[9]
        return (p[1] * p[2] + G_e * p[6] + G_i * p[10]) / (p[1] + G_e + G_i)

    @compiled
    def rate(p, nu_e, nu_i):
        events_e, events_i = 1e-3 * p[3] * nu_e, 1e-3 * p[7] * nu_i
        G_e, G_i = events_e * p[4] * p[5], events_i * p[8] * p[9]
        G = p[1] + G_e + G_i
        V = (p[1] * p[2] + G_e * p[6] + G_i * p[10]) / G
        tau = p[0] / G
        U_e, U_i = p[4] * (p[6] - V) / G * p[5], p[8] * (p[10] - V) / G * p[11]
        decay_e, decay_i = 1 / (tau + p[5]), 1 / (tau + p[9])
        sigma = sqrt(0.5 * (events_e * U_e**2 * decay_e + events_i * U_i**2 * decay_i)) + 1e-9
        w_e, w_i = (events_e + 1e-12) * U_e**2, (events_i + 1e-12) * U_i**2
        tau_V = (w_e + w_i) / (w_e * decay_e + w_i * decay_i)
        x, y, z = (V + 60) / 10, (sigma - 4) / 6, tau_V * p[1] / p[0] - 0.5
        c = 12
        threshold = p[c] + p[c + 1] * x + p[c + 2] * y + p[c + 3] * z + p[c + 4] * log(G / p[1])
        threshold += p[c + 5] * x * x + p[c + 6] * y * y + p[c + 7] * z * z
        threshold += p[c + 8] * x * y + p[c + 9] * x * z + p[c + 10] * y * z
        return math.erfc((threshold - V) / sigma / 1.4142135623730951) / (2e-3 * tau_V)

    return rate, mean_potential


def steps_of(ring, dt):
    start = max(3 * ring[5] / 1000, 0.15)
    return int(max(start + 3 * ring[4] / 1000, 0.4) / (dt / 1000))


def notebook(job, ring, p, rate, mean_potential):
    """One ring, with the arithmetic of the notebook."""
    velocity, sX, l_exc, l_inh, tau2, tau1 = [numpy.float64(each) for each in ring]
    dt, T, n = job["dt"], job["T"], job["units"]
    X = numpy.linspace(0, job["extent"], n)
    t0 = max(3 * tau1, 150.0)
    steps = steps_of(ring, dt)
    t = numpy.arange(steps) * dt
    course = numpy.where(t < t0, numpy.exp(-((t - t0) ** 2) / 2 / tau1**2), numpy.exp(-((t - t0) ** 2) / 2 / tau2**2))
    stimulus = job["amplitude"] * course[:, None] * numpy.exp(-((X - X[n // 2]) ** 2) / 2 / sX**2)
    pixel = job["extent"] / n
    v = velocity / pixel
    decay_e, decay_i = l_exc / pixel, l_inh / pixel
    around_e, around_i = int(3 * decay_e / pixel), int(3 * decay_i / pixel)
    Fe = numpy.full((steps, n), float(job["rest"][0]))
    Fi = numpy.full((steps, n), float(job["rest"][1]))
    response = numpy.zeros((steps, n))
    gaussian = lambda k, d: 1.0 / (numpy.sqrt(2.0 * numpy.pi) * (d + 1e-12)) * numpy.exp(-(k**2) / 2.0 / (1e-12 + d) ** 2)
    for now in range(steps - 1):
        for x in range(n):
            e, i = 0.0, 0.0
            for k in range(-around_e, around_e + 1):
                e += gaussian(k, decay_e) * Fe[max(0, now - int(abs(k) / v / (dt / 1000))), (x + k) % n]
            for k in range(-around_i, around_i + 1):
                i += gaussian(k, decay_i) * Fi[max(0, now - int(abs(k) / v / (dt / 1000))), (x + k) % n]
            drives = job["populations"][0]["drive"], job["populations"][1]["drive"]
            Fe[now + 1, x] = Fe[now, x] + dt / T * (rate(p[0], e + drives[0] + stimulus[now, x], i) - Fe[now, x])
            Fi[now + 1, x] = Fi[now, x] + dt / T * (rate(p[1], e + drives[1], i) - Fi[now, x])
            response[now + 1, x] = abs((mean_potential(p[1], e + drives[1], i) - job["mu_V"]) / job["mu_V"])
    return response.max()


rate_of, mean_of = make(math.sqrt, math.exp, math.log, numba.njit(fastmath=True, inline="never"))


@numba.njit(fastmath=True)
def one_ring(ring, steps, dt, T, n, extent, amplitude, rest, mu_V, p, drives):
    velocity, sX, l_exc, l_inh, tau2, tau1 = ring[0], ring[1], ring[2], ring[3], ring[4], ring[5]
    pixel = extent / n
    v = velocity / pixel
    decay_e, decay_i = l_exc / pixel, l_inh / pixel
    around_e, around_i = int(3 * decay_e / pixel), int(3 * decay_i / pixel)
    most = max(around_e, around_i)
    weight_e, weight_i = numpy.zeros(most + 1), numpy.zeros(most + 1)
    delay = numpy.zeros(most + 1, numpy.int64)
    for k in range(most + 1):
        if k <= around_e:
            weight_e[k] = math.exp(-k * k / 2 / decay_e**2) / (math.sqrt(2 * math.pi) * decay_e)
        if k <= around_i:
            weight_i[k] = math.exp(-k * k / 2 / decay_i**2) / (math.sqrt(2 * math.pi) * decay_i)
        delay[k] = int(k / v / (dt / 1000))
    profile = numpy.empty(n)
    for x in range(n):
        profile[x] = amplitude * math.exp(-(((x - n // 2) * extent / (n - 1)) ** 2) / 2 / sX**2)
    t0 = max(3 * tau1, 150.0)
    Fe = numpy.full((steps, n), rest[0])
    Fi = numpy.full((steps, n), rest[1])
    response = numpy.zeros((steps, n))
    largest = 0.0
    for now in range(steps - 1):
        ahead = now * dt - t0
        course = math.exp(-(ahead**2) / 2 / (tau1 if ahead < 0 else tau2) ** 2)
        for x in range(n):
            e, i = weight_e[0] * Fe[now, x], weight_i[0] * Fi[now, x]
            for k in range(1, around_e + 1):
                past = max(0, now - delay[k])
                e += weight_e[k] * (Fe[past, (x + k) % n] + Fe[past, (x - k) % n])
            for k in range(1, around_i + 1):
                past = max(0, now - delay[k])
                i += weight_i[k] * (Fi[past, (x + k) % n] + Fi[past, (x - k) % n])
            to_e, to_i = e + drives[0] + course * profile[x], e + drives[1]
            Fe[now + 1, x] = Fe[now, x] + dt / T * (rate_of(p[0], to_e, i) - Fe[now, x])
            Fi[now + 1, x] = Fi[now, x] + dt / T * (rate_of(p[1], to_i, i) - Fi[now, x])
            response[now + 1, x] = abs((mean_of(p[1], to_i, i) - mu_V) / mu_V)
            largest = max(largest, response[now + 1, x])
    return largest


@numba.njit(parallel=True, fastmath=True)
def all_rings(rings, steps, dt, T, n, extent, amplitude, rest, mu_V, p, drives, peaks):
    for r in numba.prange(rings.shape[0]):
        peaks[r] = one_ring(rings[r], steps[r], dt, T, n, extent, amplitude, rest, mu_V, p, drives)


def parameters(population, as_published):
    exc, inh = population["exc"], population["inh"]
    instead = 1e-6 * inh[1] if as_published else inh[2]
    head = [population["C_m"], population["g_L"], population["E_L"], *exc, *inh, instead]
    return numpy.array(head + population["coefficients_mV"], float)


def main():
    if "--version" in sys.argv:
        answer(numba=numba.__version__, numpy=numpy.__version__, python=sys.version.split()[0], threads=numba.config.NUMBA_NUM_THREADS)
        return
    job = json.loads(sys.stdin.readline())
    p = numpy.array([parameters(each, job["as_published"]) for each in job["populations"]])
    drives = numpy.array([each["drive"] for each in job["populations"]], float)
    rings = numpy.array(job["rings"], float)
    steps = numpy.array([steps_of(ring, job["dt"]) for ring in rings])

    def run(chosen):
        peaks = numpy.zeros(len(chosen))
        all_rings(rings[chosen], steps[chosen], job["dt"], float(job["T"]), job["units"], float(job["extent"]), float(job["amplitude"]),
                  numpy.array(job["rest"], float), float(job["mu_V"]), p, drives, peaks)
        return peaks

    began = time.perf_counter()
    run(numpy.array([0]))
    answer(compile_s=time.perf_counter() - began)
    plain = make(numpy.sqrt, numpy.exp, numpy.log, lambda function: function)
    for line in sys.stdin:
        given = json.loads(line)
        chosen = numpy.arange(0, len(rings), given["every"])
        try:
            began = time.perf_counter()
            if given["way"] == "numba":
                numba.set_num_threads(given["threads"])
                peaks = run(chosen)
            else:
                peaks = [notebook(job, rings[k], p, *plain) for k in chosen]
            took = time.perf_counter() - began
            unit_steps = int(job["units"] * (steps[chosen] - 1).sum())
            answer(run_s=took, rings=len(chosen), unit_steps=unit_steps, first=float(peaks[0]), last=float(peaks[-1]), last_ring=int(chosen[-1]))
        except Exception as error:
            answer(error=f"{type(error).__name__}: {error}")


main()
