"""Speed, memory and truth of the mesh core beside what else people use: ``python -m tests.bench``."""
