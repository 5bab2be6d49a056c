"""Where floors above hear that questions which went unanswered can be asked again.

@follows("screening")
def ask_again(references: list[int]) -> None: ...

The function puts a task into the queue and returns; it asks anew by gongmo.registers.commands.ask under the same topic and reference.
"""

from collections.abc import Callable

Follower = Callable[[list[int]], None]

_followers: dict[str, Follower] = {}


def follows(topic: str) -> Callable[[Follower], Follower]:
    """Register who follows a topic up. Raises ValueError when the topic has somebody."""

    def register(function: Follower) -> Follower:
        if topic in _followers:
            raise ValueError(f"two functions follow {topic}")
        _followers[topic] = function
        return function

    return register


def follower(topic: str) -> Follower | None:
    return _followers.get(topic)
