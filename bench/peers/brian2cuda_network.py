"""The network of brian2_network.py in Brian2CUDA, Brian2's standalone mode for GPUs, for `npm run bench -- peers`.

Speaks as brian2_network.py does, which builds the same Brian2 objects; here are only the device, what numbers it computes with,
and clocks that wait for it. `--version` answers the versions and the GPU, or fails with a sentence where there is none.

A GPU computes in single precision here, as Spikefield does: most have 32 or 64 times fewer units for double precision.
"""

import sys

# What is imported from this folder leaves nothing in it.
sys.dont_write_bytecode = True

# First, since it turns away from stdout whatever others print.
import brian2_network  # noqa: E402
from brian2_network import CLOCKS, CppStandalone, prefs, set_device  # noqa: E402
import brian2cuda  # noqa: E402
from brian2cuda.utils.gputools import get_available_gpus, get_nvcc_path, select_gpu  # noqa: E402
import numpy  # noqa: E402

# Kernels are only asked for in the loop: its time ends when the last of them has ended.
WAIT = "CUDA_SAFE_CALL(cudaDeviceSynchronize());\n"


class CudaStandalone(CppStandalone):
    clocks = CLOCKS | {slot: WAIT + CLOCKS[slot] for slot in ("before_network_run", "after_network_run")}

    def versions(self):
        try:
            get_nvcc_path()
            gpu, _ = select_gpu()
        except Exception as error:
            # Of what may be several sentences with advice, the first.
            reason = (str(error) or type(error).__name__).splitlines()[0].split(". ")[0].rstrip(".")
            sys.exit(f"there is no CUDA compiler, or no GPU for it ({reason})")
        return super().versions() | {"brian2cuda": brian2cuda.__version__, "gpu": get_available_gpus()[gpu]}

    def use(self, job):
        prefs.core.default_float_dtype = numpy.float32
        set_device("cuda_standalone", build_on_run=False, directory=job["directory"])

    def compiler(self, job):
        return "make and CUDA's nvcc"


if __name__ == "__main__":
    brian2_network.main(CudaStandalone())
