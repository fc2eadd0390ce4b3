"""Places, networks and base map, read from the files that ``dateline prepare`` builds.

Imports :mod:`app.journey` and :mod:`app.errors`; knows no other room.
"""
