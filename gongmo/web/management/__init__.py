"""Management commands of the web floor."""
