"""Figures in, one Report out; charts and formats see only the Report."""
