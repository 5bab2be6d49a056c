"""Model fields whose values are encrypted where they lie. In Python they are what they always were; the database sees ciphertext.

Such a column can be asked for being empty and for nothing else: the same text never gives the same ciphertext twice.
"""

import json
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact

from gongmo.privacy import keys

encrypted: list[models.Field[Any, Any]] = []
"""Every encrypted field of the project, in the order in which the models were made."""


class _Empty(Exact):
    """`field=""`; whatever else would be asked could only be answered wrongly."""

    def get_prep_lookup(self) -> Any:
        if self.rhs != "":
            raise FieldError("an encrypted column can only be asked for being empty")
        return self.rhs


class _Encrypted(models.TextField[Any, Any]):
    """What both kinds share."""

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only=private_only)
        if not cls._meta.abstract and cls.__module__ != "__fake__":
            encrypted.append(self)

    @property
    def place(self) -> str:
        """The column's name, to which its ciphertexts are bound."""
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "exact":
            return _Empty
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"an encrypted column cannot be asked with {lookup_name}")


class EncryptedText(_Encrypted):
    """A text."""

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else keys.close(self.place, str(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value is None else keys.opened(self.place, value)


class EncryptedJSON(_Encrypted):
    """A value of JSON; None is no value."""

    def get_prep_value(self, value: Any) -> Any:
        if value is None:
            return None
        return keys.close(self.place, json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value is None else json.loads(keys.opened(self.place, value))
