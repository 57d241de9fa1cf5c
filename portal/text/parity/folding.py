"""One width, one kind of digits, one script: without moving a character."""

from portal.text.statements.folding import folded as _folded

_MORE = {0x0660 + digit: str(digit) for digit in range(10)}
_MORE |= {0x06F0 + digit: str(digit) for digit in range(10)}
_MORE |= {
    ord(old): new
    for old, new in {
        "٪": "%",
        "٫": ".",
        "٬": ",",
        "،": ",",
        "’": "'",
        "∶": ":",
        "歳": "岁",
        "円": "圆",
        "兩": "两",
        "弐": "贰",
        "\u200f": "\u200e",
        "ё": "е",
        "Ё": "Е",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ى": "ي",
        "ـ": "\u200e",
        "٫": ".",
    }.items()
}


def folded(text: str) -> str:
    """Half-width, European digits, simplified characters, letters without what is optional.

    Has exactly the length of ``text``.

    >>> folded("１２３ ٣٤٪ четвёртый 億")
    '123 34% четвертый 亿'
    """
    return _folded(text).translate(_MORE)
