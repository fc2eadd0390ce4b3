"""What all trips say together, as collections of features that can be asked by place and time.

Pure: trips come in through a protocol, plain documents and bytes go out. Not here: addresses,
parameters and pages of OGC API – Features (:mod:`app.web.ogc`).
"""
