"""The Master Equation of second order for two populations, for `npm run bench -- meanfield`.

Speaks JSON, one object a line. The first line on stdin is the job, every number in ms, mV, nS, pF, Hz:

    {"dt": 0.1, "T": 5, "initial": [2, 9, 0, 0, 0], "drives": [...],
     "populations": [{"size": 8000, "C_m": 200, "g_L": 10, "E_L": -65, "exc": [K, Q, tau, E_rev], "inh": [...],
                      "coefficients_mV": [11 numbers], "external_share": 1.0}, ... the excitatory one first]}

What compiling took is answered. Every further line is a run, {"way": "python" | "numpy" | "numba", "threads": 1, "instances": 20000,
"steps": 500}, and is answered with the time and the rates of the first and the last instance. `--version` alone answers the versions.

The three ways share their formulas, and derivatives of the transfer functions by differences at the nine points that the published
program uses for them, each taken once:

    python   one instance after another, scalars
    numpy    all instances as arrays
    numba    one instance after another, compiled with fastmath, on one or more threads
"""

import json
import math
import sys
import time

import numba
import numpy

# Hz; derivatives are by differences over it.
STEP = 1e-2


def answer(**fields):
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


def erfc_of_arrays(x):
    """erfc with a relative error below 1.2e-7 (Chebyshev fit of Numerical Recipes): numpy has none."""
    t = 1 / (1 + 0.5 * numpy.abs(x))
    p = numpy.array([-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277])
    sum_ = numpy.zeros_like(t)
    for c in p[::-1]:
        sum_ = sum_ * t + c
    tail = t * numpy.exp(-x * x + sum_)
    return numpy.where(x >= 0, tail, 2 - tail)


def make(sqrt, log, erfc, positive, compiled):
    """The formulas over scalars or over arrays."""

    @compiled
    def rate(p, nu_e, nu_i):
        # p: C_m g_L E_L, K Q tau E of either kind, coefficients
        events_e, events_i = 1e-3 * p[3] * nu_e, 1e-3 * p[7] * nu_i
        G_e, G_i = events_e * p[4] * p[5], events_i * p[8] * p[9]
        G = p[1] + G_e + G_i
        V = (p[1] * p[2] + G_e * p[6] + G_i * p[10]) / G
        tau = p[0] / G
        U_e, U_i = p[4] * (p[6] - V) / G * p[5], p[8] * (p[10] - V) / G * p[9]
        decay_e, decay_i = 1 / (tau + p[5]), 1 / (tau + p[9])
        weight_e, weight_i = (events_e + 1e-12) * U_e * U_e, (events_i + 1e-12) * U_i * U_i
        spread = weight_e * decay_e + weight_i * decay_i
        sigma = sqrt(0.5 * spread)
        tau_V = (weight_e + weight_i) / spread
        x, y, z = (V + 60) / 10, (sigma - 4) / 6, tau_V * p[1] / p[0] - 0.5
        threshold = (
            p[11]
            + x * (p[12] + p[16] * x + p[19] * y + p[20] * z)
            + y * (p[13] + p[17] * y + p[21] * z)
            + z * (p[14] + p[18] * z)
            + p[15] * log(G / p[1])
        )
        return 500 / tau_V * erfc((threshold - V) / (1.4142135623730951 * sigma))

    @compiled
    def derivatives(p, nu_e, nu_i):
        h = STEP
        centre = rate(p, nu_e, nu_i)
        up, down = rate(p, nu_e + h, nu_i), rate(p, nu_e - h, nu_i)
        right, left = rate(p, nu_e, nu_i + h), rate(p, nu_e, nu_i - h)
        mixed = (
            rate(p, nu_e + h, nu_i + h)
            - rate(p, nu_e + h, nu_i - h)
            - rate(p, nu_e - h, nu_i + h)
            + rate(p, nu_e - h, nu_i - h)
        )
        return (
            centre,
            (up - down) / (2 * h),
            (right - left) / (2 * h),
            (up - 2 * centre + down) / (h * h),
            mixed / (4 * h * h),
            (right - 2 * centre + left) / (h * h),
        )

    @compiled
    def advance(exc, inh, drive_e, drive_i, size_e, size_i, T, dt, e, i, ee, ei, ii):
        nu_i = positive(i)
        F, Fe, Fi, Fee, Fei, Fii = derivatives(exc, positive(e + drive_e), nu_i)
        G, Ge, Gi, Gee, Gei, Gii = derivatives(inh, positive(e + drive_i), nu_i)
        a, b = F - e, G - i
        f = dt / T
        return (
            e + f * (a + 0.5 * (Fee * ee + Fii * ii) + Fei * ei),
            i + f * (b + 0.5 * (Gee * ee + Gii * ii) + Gei * ei),
            ee + f * (F * (1000 / T - F) / size_e + a * a + 2 * (Fe * ee + Fi * ei) - 2 * ee),
            ei + f * (a * b + ei * (Fe + Gi) + Fi * ii + Ge * ee - 2 * ei),
            ii + f * (G * (1000 / T - G) / size_i + b * b + 2 * (Ge * ei + Gi * ii) - 2 * ii),
        )

    return advance


@numba.njit(fastmath=True, inline="always")
def positive_scalar(value):
    return value if value > 1e-1 else 1e-1


plain = make(math.sqrt, math.log, math.erfc, lambda value: max(value, 1e-1), lambda f: f)
arrays = make(numpy.sqrt, numpy.log, erfc_of_arrays, lambda value: numpy.maximum(value, 1e-1), lambda f: f)
compiled = make(math.sqrt, math.log, math.erfc, positive_scalar, numba.njit(fastmath=True))


@numba.njit(fastmath=True, parallel=True)
def run_compiled(exc, inh, shares, sizes, T, dt, initial, drives, steps):
    out = numpy.empty((drives.size, 2))
    for k in numba.prange(drives.size):
        e, i, ee, ei, ii = initial[0], initial[1], initial[2], initial[3], initial[4]
        drive_e, drive_i = drives[k] * shares[0], drives[k] * shares[1]
        for _ in range(steps):
            e, i, ee, ei, ii = compiled(
                exc, inh, drive_e, drive_i, sizes[0], sizes[1], T, dt, e, i, ee, ei, ii
            )
        out[k, 0] = e
        out[k, 1] = i
    return out


def run(job, cells, way, threads, instances, steps):
    exc, inh = cells
    shares = numpy.array([p["external_share"] for p in job["populations"]])
    sizes = numpy.array([float(p["size"]) for p in job["populations"]])
    T, dt = float(job["T"]), float(job["dt"])
    initial = numpy.array(job["initial"], float)
    drives = numpy.linspace(job["drives"][0], job["drives"][1], instances)
    started = time.perf_counter()
    if way == "numba":
        numba.set_num_threads(threads)
        rates = run_compiled(exc, inh, shares, sizes, T, dt, initial, drives, steps)
        first, last = rates[0], rates[-1]
    elif way == "numpy":
        state = [numpy.full(instances, value) for value in initial]
        for _ in range(steps):
            state = arrays(exc, inh, drives * shares[0], drives * shares[1], sizes[0], sizes[1], T, dt, *state)
        first, last = [state[0][0], state[1][0]], [state[0][-1], state[1][-1]]
    else:
        ends = []
        exc, inh = exc.tolist(), inh.tolist()
        for drive in drives.tolist():
            state = initial.tolist()
            for _ in range(steps):
                state = plain(exc, inh, drive * float(shares[0]), drive * float(shares[1]), float(sizes[0]), float(sizes[1]), T, dt, *state)
            ends.append(state[:2])
        first, last = ends[0], ends[-1]
    run_s = time.perf_counter() - started
    return run_s, [float(value) for value in first], [float(value) for value in last]


def main():
    if sys.argv[1:] == ["--version"]:
        answer(
            numba=numba.__version__,
            numpy=numpy.__version__,
            python=sys.version.split()[0],
            threads=numba.config.NUMBA_NUM_THREADS,
        )
        return
    try:
        job = json.loads(sys.stdin.readline())
        cells = [
            numpy.array([p["C_m"], p["g_L"], p["E_L"], *p["exc"], *p["inh"], *p["coefficients_mV"]], float)
            for p in job["populations"]
        ]
        started = time.perf_counter()
        run(job, cells, "numba", 1, 2, 2)
        answer(compile_s=time.perf_counter() - started)
        for line in sys.stdin:
            asked = json.loads(line)
            run_s, first, last = run(
                job, cells, asked["way"], asked["threads"], asked["instances"], asked["steps"]
            )
            answer(run_s=run_s, first_hz=first, last_hz=last)
    except Exception as error:
        answer(error=f"{type(error).__name__}: {error}")
        sys.exit(1)


main()
