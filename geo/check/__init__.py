"""Cells to values: types, dates, periods, sources, names of columns, and what was likely meant."""
