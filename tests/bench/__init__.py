"""Figures of the finished thing, measured: `python3 tests bench` prints them as tables for the README."""
