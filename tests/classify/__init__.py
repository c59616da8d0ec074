"""Kinds of messages and replies."""
