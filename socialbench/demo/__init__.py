"""A small simulated world that speaks Bluesky's real shapes on loopback: the tool can be tried without a key.

`tell.tell_world` makes it, `server.DemoServer` serves it, `truth.truth` says what is true of it, and
`benchmark.benchmark_text` is the configuration that reads it. Everything in it is invented.
"""
