"""Pages of the eligibility review: thin, each parses, calls one command or query, and renders."""
