"""``/zh-hant/…``: entered in the registry ``page_variants``."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable

from portal.text.script_markup import TRADITIONAL_TAG, convert_page

from .converting import converter_of, standard_of, version_of

PREFIX = "zh-hant"
LABEL = "繁體中文"
_KEPT_BYTES = 16_000_000


class TraditionalChinese:
    """Every Chinese page in traditional characters: a function of the finished page."""

    prefix = PREFIX
    tag = TRADITIONAL_TAG
    source = "zh-hans"

    def __init__(self) -> None:
        self._kept = _Kept(_KEPT_BYTES)

    def is_offered(self, *, site: int) -> bool:
        return bool(standard_of(site))

    def version(self, *, site: int | None) -> str:
        return version_of(site)

    def convert(self, page: str, *, site: int | None, rewrite: Callable[[str], str]) -> str:
        digest = hashlib.blake2b(page.encode(), digest_size=16).digest()
        key = (digest, version_of(site), rewrite)
        found = self._kept.get(key)
        if found is None:
            found = convert_page(page, converter_of(site), rewrite=rewrite)
            self._kept.put(key, found)
        return found


class _Kept:
    """The pages that were converted last, up to a number of characters."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._pages: OrderedDict[object, str] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object) -> str | None:
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
                return self._pages[key]
        return None

    def put(self, key: object, page: str) -> None:
        with self._lock:
            if key in self._pages:
                return
            self._pages[key] = page
            self._size += len(page)
            while self._size > self._most:
                _key, oldest = self._pages.popitem(last=False)
                self._size -= len(oldest)


traditional_chinese = TraditionalChinese()
