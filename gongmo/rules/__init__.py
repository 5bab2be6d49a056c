"""What the clauses decide: pure functions of plain values. No Django, no clock, no database."""
