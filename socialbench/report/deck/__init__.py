"""The parts of the deck: letters that fit, a master, slides, tables, native charts."""
