"""`gongmo keys`: which keys personal fields are encrypted with, a new key, and encrypting anew while everything runs."""

import argparse

from gongmo.cli import output, start

NAME = "keys"


def register(subparsers: output.Subparsers) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser(
        NAME, help="개인정보 칸의 열쇠를 보고 바꿉니다 / show and rotate the keys of personal fields"
    )
    parser.add_argument(
        "what",
        choices=["status", "new", "rotate"],
        help="status: 열쇠별 값의 수 / values by key · new: 새 열쇠를 만들어 보여 줌 / print a new key ·"
        " rotate: 지금 열쇠로 다시 암호화 / encrypt anew with the present key",
    )
    output.add_common(parser)


def run(args: argparse.Namespace) -> int:
    """Do it; ends with 0, or 1 where values remain that the present key did not close."""
    start.with_data()
    from gongmo.privacy import keys

    if args.what == "new":
        ring = keys.keyring()
        number = max((int(name[1:]) for name in ring.ids if name[1:].isdecimal()), default=0) + 1
        print(keys.made(f"k{number}"))
        return output.OK
    if args.what == "rotate":
        return _rotate()
    return _status(args.json)


def _status(as_json: bool) -> int:
    from gongmo.privacy import keys, rotation

    ring = keys.keyring(anew=True)
    if as_json:
        places = rotation.census()
        left = sum(
            number for counted in places.values() for name, number in counted.items() if name != ring.present
        )
        output.print_json(
            {
                "present": ring.present,
                "all": list(ring.ids),
                "places": {place: dict(counted) for place, counted in places.items()},
                "left": left,
            }
        )
        return output.FAILED if left else output.OK
    print(f"지금 열쇠 / present key: {ring.present} · 모두 / all: {', '.join(ring.ids)}")
    left = 0
    for place, counted in rotation.census().items():
        told = ", ".join(
            f"{name or '암호화 안 됨 / plain'}: {number}" for name, number in sorted(counted.items())
        )
        print(f"  {place:50} {told or '–'}")
        left += sum(number for name, number in counted.items() if name != ring.present)
    if left:
        print(
            f"지금 열쇠로 잠기지 않은 값 {left}개: gongmo keys rotate를 실행해 주세요. / {left} values to rotate"
        )
    return output.FAILED if left else output.OK


def _rotate() -> int:
    from gongmo.privacy import keys, rotation
    from gongmo.privacy.fields import encrypted

    if keys.is_embedded():
        standing = keys.lines()
        number = max(
            (int(line.partition("=")[0][1:]) for line in standing if line[1:2].isdecimal()), default=0
        )
        # The new key comes first; running processes look for it as soon as they meet a value that it closed.
        keys.write([keys.made(f"k{number + 1}"), *standing])
    ring = keys.keyring(anew=True)
    print(f"‘{ring.present}’ 열쇠로 다시 암호화합니다. / Encrypting anew with {ring.present}.")
    total = 0
    for field in encrypted:
        changed = sum(rotation.rotate(field))
        total += changed
        if changed:
            print(f"  {field.model._meta.label_lower}.{field.name}: {changed}")
    print(f"모두 {total}개를 다시 암호화했습니다. / {total} values.")
    return _drop_unused()


def _drop_unused() -> int:
    from gongmo.privacy import keys, rotation

    used = {name for counted in rotation.census().values() for name in counted}
    ring = keys.keyring(anew=True)
    if used - {ring.present}:
        print(
            "다른 프로세스가 옛 열쇠로 쓴 값이 남았습니다. 다시 실행해 주세요. / Some values were written meanwhile: run it again."
        )
        return output.FAILED
    others = [name for name in ring.ids if name != ring.present]
    if others and keys.is_embedded():
        print(
            "옛 열쇠는 지난 백업을 여는 데 필요합니다. 백업이 모두 지난 뒤 field-keys에서 그 줄을 지워 주세요: "
            f"{', '.join(others)} / Older keys open older backups; remove their lines once those are gone."
        )
    elif others:
        print(
            "백업이 모두 지난 뒤 GONGMO_FIELD_KEYS에서 옛 열쇠를 빼 주세요: "
            f"{', '.join(others)} / Take older keys out of GONGMO_FIELD_KEYS once older backups are gone."
        )
    return output.OK
