"""A small simulated world on five networks, in their real shapes on loopback: the tool can be tried without a key.

`tell.tell_world` makes it, `server.DemoServer` serves it (one file per network in `networks/`), `truth.truth` says what
is true of it, and `benchmark.benchmark_text` is the configuration that reads it. Everything in it is invented.
"""
