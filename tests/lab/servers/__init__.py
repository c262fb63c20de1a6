"""What a stack reaches besides itself, on loopback: Python's standard library and nothing else."""
