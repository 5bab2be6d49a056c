"""Pages of the evaluation: thin, each parses, calls one command or query, and renders."""
