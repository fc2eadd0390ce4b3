"""Trips, sources, sightings and changes on disk.

Imports :mod:`app.journey` and :mod:`app.errors`; knows no other room.
"""
