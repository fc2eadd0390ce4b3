"""HTTP: pages, API, embeds. Stands on :mod:`app.publication`."""
