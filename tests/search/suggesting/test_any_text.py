"""Whatever is typed is answered, soon, and without an error."""

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal.search.services.correcting import corrections
from portal.search.services.suggesting import suggest

pytestmark = pytest.mark.usefixtures("names", "db")

# Much of what people type, and whatever else a keyboard or a program may send.
typed = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="居住证公积金社保卡办理提取银行的zhangqiuv 0aA", max_size=60),
    st.text(alphabet="abcdefghijklmnopqrstuvwxyz'", max_size=60),
)
anywhere = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
LONGEST = 0.25  # seconds of processor time of this thread, many times what is usual


@anywhere
@given(typed, st.sampled_from(["zh-hans", "en", "ja", "ko", "ar", "fr", "ru", "xx"]))
@example("居" * 10_000, "zh-hans")
@example("a" * 10_000, "zh-hans")
@example("n" * 60, "zh-hans")
@example("zhuang" * 10, "zh-hans")
@example("%_*?\\'\"; DROP TABLE name", "zh-hans")
@example("\x00\ud800", "zh-hans")
@example("👨‍👩‍👧居住证", "zh-hans")
@example("ﷺ" * 200, "ar")
@example("e" * 500 + "́", "fr")
def test_any_text_is_answered(text: str, language: str) -> None:
    started = time.thread_time()
    for suggestion in suggest(text, site=None, language=language):
        assert suggestion.text
        assert suggestion.html.count("<mark>") == 1
    found = corrections(text, site=None, language=language)
    assert len(found.offers) <= 3
    assert text not in found.offers
    assert time.thread_time() - started < LONGEST
