"""One file per network, nothing else; the folder is the list."""
