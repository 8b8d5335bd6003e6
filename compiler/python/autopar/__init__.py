"""Trains PyTorch modules by programs that autopar compiles."""
