"""One algorithm per file: arrays in, arrays out."""

import os

# numba tries TBB first and warns on every machine whose TBB is old; OpenMP comes with every platform's numba
os.environ.setdefault("NUMBA_THREADING_LAYER_PRIORITY", "omp workqueue tbb")
