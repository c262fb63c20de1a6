"""What keeps a machine up: tests/lab/machine."""
