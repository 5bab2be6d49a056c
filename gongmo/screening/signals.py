"""What this floor tells the floors above, inside the transaction of the act. A receiver may refuse the act (Refused)."""

from django.dispatch import Signal

excluded = Signal()
"""An application was excluded: `application`, `actor`, `reason` (Korean sentence). Sent after the review's state was written."""

reinstated = Signal()
"""An exclusion was lifted: `application`, `actor`, `reason`."""
