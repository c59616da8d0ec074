"""`python -m socialbench`."""

from socialbench.cli import main

if __name__ == "__main__":
    main()
