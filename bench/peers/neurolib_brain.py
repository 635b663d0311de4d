"""A whole brain of neurolib's ALN model, for `npm run bench -- brain`.

Speaks JSON, one object a line. The first line on stdin is the job: {"weights": [[...]], "lengths": [[...]], "duration": 5000,
"parameters": {...}} with lengths in mm and the duration in ms. The model is run once for its compiler, and what that took is
answered. Every further line runs it once more, with BOLD, and is answered with the time and the mean rate.

neurolib runs one brain after another on one core, so as many processes as there are cores run side by side.
"""

import json
import sys
import time

import numpy as np
from neurolib.models.aln import ALNModel


def answer(**fields):
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


def main():
    try:
        job = json.loads(sys.stdin.readline())
        started = time.perf_counter()
        model = ALNModel(Cmat=np.array(job["weights"]), Dmat=np.array(job["lengths"]))
        for name, value in job["parameters"].items():
            model.params[name] = value
        model.params["duration"] = 100
        model.run()
        answer(compile_s=time.perf_counter() - started)
        model.params["duration"] = job["duration"]
        for _ in sys.stdin:
            started = time.perf_counter()
            model.run(bold=True)
            run_s = time.perf_counter() - started
            answer(run_s=run_s, mean_rate_hz=float(model.rates_exc.mean()))
    except Exception as error:
        answer(error=f"{type(error).__name__}: {error}")
        sys.exit(1)


main()
