"""Joined layers to what a page holds: colours and classes, columns, geometries as they are drawn."""
