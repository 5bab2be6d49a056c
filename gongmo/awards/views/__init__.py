"""Pages of this floor, one module a use case: parse, call one command or query, render."""
