"""Similar projects: the corpus of earlier projects, the search in it, and what officers judge of what it found."""
