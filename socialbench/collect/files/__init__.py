"""Shapes of exports: one file per shape, nothing else."""
