"""Whole trips as files in open standards: GPX, KML, GeoJSON, CSV, and the dossier as TOML.

Each file stands alone: it says what it is, as of when, whose data it rests on and under which
licence. Stands on the documents of the publication; knows no HTTP.
"""
