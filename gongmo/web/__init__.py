"""The composition root: settings, addresses, layout, request handling and the server."""
