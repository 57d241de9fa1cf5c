"""Numbers that are printed and codes that open letters.

A number is the site, the day of receipt, six random digits and a check digit. A code has 60 random
bits. It is made from the number and the token of the form that the letter came from, with the
portal's secret key: whoever holds the form can be shown it again (the page of the receipt, loaded
twice), while the portal, which keeps neither token nor code, cannot.
"""

import datetime
import hashlib
import re
import secrets

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

# Without I, L, O and U, which are misread or spell words.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_SIGNS = 12
_NUMBER = re.compile(r"[A-Z0-9]{1,6}-\d{6}-\d{7}")
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_number(site_code: str, at: datetime.datetime) -> str:
    prefix = re.sub(r"[^A-Z0-9]", "", site_code.upper())[:6] or "P"
    digits = f"{timezone.localtime(at):%y%m%d}{secrets.randbelow(10**6):06d}"
    return f"{prefix}-{digits[:6]}-{digits[6:]}{check_digit(digits)}"


def check_digit(digits: str) -> str:
    """Luhn's: one wrong digit, or two that changed places, are noticed."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def is_number(text: str) -> bool:
    """Whether a tidied text can be the number of a letter."""
    if not _NUMBER.fullmatch(text):
        return False
    digits = text.partition("-")[2].replace("-", "")
    return check_digit(digits[:-1]) == digits[-1]


def tidy_number(text: str) -> str:
    """As people type it: spaces, small letters, full-width signs."""
    return _half_width(text).replace(" ", "").upper()[:24]


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def code_for(number: str, token: str) -> str:
    """The code of a letter, in groups of four."""
    secret = salted_hmac("interaction.code", f"{number} {token}", algorithm="sha256").digest()
    bits = int.from_bytes(secret[:8], "big")
    signs = "".join(ALPHABET[bits >> (5 * place) & 31] for place in range(CODE_SIGNS))
    return "-".join(signs[start : start + 4] for start in range(0, CODE_SIGNS, 4))


def tidy_code(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", _half_width(text).upper())[:40].translate(_MISREAD)


def code_hash(number: str, code: str) -> str:
    """Sixty random bits need no slow hash."""
    return hashlib.sha256(f"{number} {tidy_code(code)}".encode()).hexdigest()


def code_fits(number: str, code: str, stored: str) -> bool:
    return constant_time_compare(code_hash(number, code), stored)


def _half_width(text: str) -> str:
    return "".join(chr(ord(sign) - 0xFEE0) if "\uff01" <= sign <= "\uff5e" else sign
                   for sign in text[:80])  # fmt: skip
