"""Organisations, regions with validity dates, people, roles, sign-in."""
