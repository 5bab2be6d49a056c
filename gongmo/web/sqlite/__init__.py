"""Django's SQLite, with writers in a queue (settings.DATABASES)."""
