"""The html page: its templates, style and script, and what turns figures into html."""

from pathlib import Path

PAGE = Path(__file__).parent
"""Where its files lie."""
