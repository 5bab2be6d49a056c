"""Selection, negotiation, allocation, agreement, termination."""
