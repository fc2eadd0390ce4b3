"""Pure reasoning about journeys: no input or output, no framework, no prose.

Values in, values out. Time is an argument; what is needed from outside (routes,
places, time zones) comes in through the protocols of :mod:`app.journey.protocols`.
Imports nothing of ours but :mod:`app.errors`.
"""
