"""The parts of the workbook: sheets of figures, and native charts on their data."""
