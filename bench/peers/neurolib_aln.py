"""One node of neurolib's ALN model, for `npm run bench -- aln`.

Speaks JSON, one object a line. The first line on stdin is the job: {"duration": 10000} in ms. The model is run once for its
compiler, and what that took is answered. Every further line runs the node once more and is answered with the time and the mean
rate of the second half. `--version` alone answers the versions.

neurolib runs one node after another on one core; a batch of n takes n such runs.
"""

import json
import sys
import time
from importlib.metadata import version

import numba
from neurolib.models.aln import ALNModel


def answer(**fields):
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


def main():
    if sys.argv[1:] == ["--version"]:
        answer(neurolib=version("neurolib"), numba=numba.__version__, python=sys.version.split()[0])
        return
    try:
        job = json.loads(sys.stdin.readline())
        started = time.perf_counter()
        model = ALNModel()
        model.params["duration"] = job["duration"]
        model.params["mue_ext_mean"] = 1.0
        model.params["mui_ext_mean"] = 0.4
        model.run()
        answer(compile_s=time.perf_counter() - started)
        for _ in sys.stdin:
            started = time.perf_counter()
            model.run()
            run_s = time.perf_counter() - started
            rates = model.rates_exc[0]
            answer(run_s=run_s, mean_rate_hz=float(rates[len(rates) // 2 :].mean()))
    except Exception as error:
        answer(error=f"{type(error).__name__}: {error}")
        sys.exit(1)


main()
