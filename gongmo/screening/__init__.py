"""Eligibility review: facts with evidence, verdicts, supplements, exclusion."""
