"""The ground of personal data: the access log (who was shown whose data), and values that are encrypted where they lie."""
