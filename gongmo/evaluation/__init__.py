"""Committee, conflicts, scores, ranking."""
