"""Document numbers as keys: whatever brackets and widths somebody types, one document is found."""

import re
import unicodedata

_BRACKETS = str.maketrans({"〔": "[", "〕": "]", "【": "[", "】": "]", "(": "[", ")": "]"})


def number_key(number: str) -> str:
    """国办发〔2017〕47号, 国办发(2017)47号 and 国办发［２０１７］４７號 have one key."""
    text = unicodedata.normalize("NFKC", number).translate(_BRACKETS).replace("號", "号")
    return re.sub(r"\s+", "", text)
