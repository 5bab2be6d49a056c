"""What this floor tells the floors above, inside the transaction of the act. A receiver may refuse the act (Refused)."""

from django.dispatch import Signal

judged = Signal()
"""An officer judged an earlier project: `judgement`, `actor`. Sent after the judgement was recorded."""

concluded = Signal()
"""An officer concluded the check of an application: `conclusion`, `actor`."""
