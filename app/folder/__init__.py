"""A journey as a folder of files: pages, data and pictures that need no server, for ever.

The pages are those of :mod:`app.web`, rendered the same way; what leads to the server there leads
to a file here. Nothing in the folder depends on when, where or by whom it was written.
"""
