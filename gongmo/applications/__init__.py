"""A consortium's application: members, budget, documents, submission, receipt number."""
