"""Positions: what cannot be longitude and latitude, what crosses 180 degrees."""
