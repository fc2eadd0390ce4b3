"""Maps and diagrams of a journey.

Imports :mod:`app.journey` and :mod:`app.errors`; knows no other room.
"""
