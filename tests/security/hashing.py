"""A password hasher that counts: what takes the time of a sign-in, without its time."""

from django.contrib.auth.hashers import MD5PasswordHasher


class Counted(MD5PasswordHasher):
    algorithm = "counted"
    done = 0

    def encode(self, password: str, salt: str) -> str:
        Counted.done += 1
        return super().encode(password, salt)
