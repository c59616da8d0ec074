"""Collecting: networks and files into the store."""
