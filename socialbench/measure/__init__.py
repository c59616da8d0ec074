"""From frames to figures: direction, links, episodes, curves, metrics and ranks. Is given frames, never the store."""
