"""Document numbers as keys: whatever brackets and widths somebody types, one document is found."""

import re
import unicodedata

from portal.text.official.numbers import normalise_document_number


def number_key(number: str) -> str:
    """国办发〔2017〕47号, 国办发(2017)47号 and 國辦發［２０１７］47號 have one key; "" for none."""
    return normalise_document_number(number) or re.sub(
        r"\s+", "", unicodedata.normalize("NFKC", number)
    )
