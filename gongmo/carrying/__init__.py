"""Carrying a whole installation: into a backup, out of one, and from one database and storage to others.

Rows travel in a form of their own that no database owns (`rows`), files by their hashes, so that all ways are one (docs/decisions/0164).
"""
