"""From a stored trip and options to the bytes that are served.

Stands on the rooms and the journey; knows no HTTP.
"""
