"""Maps and diagrams of a journey.

Imports :mod:`app.journey`, :mod:`app.words` and :mod:`app.errors`; knows no other room.
"""
