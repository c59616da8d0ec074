"""socialbench: which brands answer their customers on social networks, and how fast."""

__version__ = "0.1.0"
