"""Saying why one downloads, as a person does before the download comes."""

from django.test import Client


def say_why(client: Client, address: str) -> None:
    """Give a reason for a download at this address; it holds for half an hour of this session."""
    answer = client.post("/privacy/reason/", {"next": address, "purpose": "report", "words": "주간 보고"})
    assert (answer.status_code, answer["Location"]) == (302, address)
