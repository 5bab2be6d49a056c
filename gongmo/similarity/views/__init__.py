"""Pages of the duplication check and of the corpus."""
