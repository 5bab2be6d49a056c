"""Pages of accounts, organisations, people and operators: parse, call one command or query, render."""
