"""Why a register could not be asked, in words for an officer and an operator. Never holds an address with a key."""

from enum import StrEnum

from gongmo.definition.base import Text


class Trouble(StrEnum):
    """What went wrong. `retried` ones may go well a second later; after the others the register is left alone for longer."""

    OFF = "off"
    HELD = "held"
    NETWORK = "network"
    TIMEOUT = "timeout"
    SERVER = "server"
    UNREADABLE = "unreadable"
    REFUSED = "refused"
    QUOTA = "quota"
    KEY = "key"

    @property
    def retried(self) -> bool:
        return self in (Trouble.NETWORK, Trouble.TIMEOUT, Trouble.SERVER)


WORDS = {
    Trouble.OFF: Text(ko="이 등록부의 인증키가 설정되지 않았습니다.", en="No key is set for this register."),
    Trouble.HELD: Text(
        ko="거듭 실패하여 잠시 묻지 않고 있습니다.", en="It failed repeatedly and is not asked for a while."
    ),
    Trouble.NETWORK: Text(ko="연결하지 못했습니다.", en="It could not be reached."),
    Trouble.TIMEOUT: Text(ko="제때 답하지 않았습니다.", en="It did not answer in time."),
    Trouble.SERVER: Text(ko="등록부 쪽에 오류가 있습니다.", en="The register had an error."),
    Trouble.UNREADABLE: Text(ko="답을 읽을 수 없습니다.", en="Its answer could not be read."),
    Trouble.REFUSED: Text(
        ko="등록부가 요청을 받아들이지 않았습니다.", en="The register refused the request."
    ),
    Trouble.QUOTA: Text(ko="하루 호출 한도를 다 썼습니다.", en="The day's quota is used up."),
    Trouble.KEY: Text(
        ko="인증키가 등록되지 않았거나 기한이 지났습니다.", en="The key is not registered or has expired."
    ),
}


class Down(Exception):
    """A register could not be asked. `detail` is what it said, short and without secrets."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble.value}: {detail}" if detail else trouble.value)
        self.trouble = trouble
        self.detail = detail[:200]
