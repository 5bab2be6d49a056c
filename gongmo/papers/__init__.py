"""Printed papers: one value, written as PDF (typst) and as HWPX. Knows nothing of the database."""
