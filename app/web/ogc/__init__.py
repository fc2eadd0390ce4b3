"""``/ogc``: OGC API – Features over all stored trips, for desktop GIS and other programs.

Part 1 (core, GeoJSON, HTML, OpenAPI 3.0) and, of Part 3, the queryables and their use as query
parameters. Lives here: addresses, parameters, links, pages, the description of it all. Not here:
the features (:mod:`app.publication.features`).
"""
