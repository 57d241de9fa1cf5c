"""Both sides of a search meet, in every language and whatever was done to a text."""

import threading
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.text.script import to_traditional
from portal.text.searching import Analyser, analyser
from portal.text.searching.facts import dates, number_key, number_keys, telephones
from portal.text.searching.folding import fold
from portal.text.searching.marking import Marker, same_length

from .corpus import papers

CHINESE = "zh-hans"
LANGUAGES = ["zh-hans", "en", "fr", "ru", "ar", "ja", "ko"]
HAN = st.text(
    "的居住证办理条件云湖市政府公开医保登记著乾后里面发复髮發後裡麵復", min_size=2, max_size=40
)


# --- one form -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("云(yún)湖(hú)市", "云湖市"),
        ("云（yun2）湖（hu2）市", "云湖市"),
        ("云湖市(Yúnhú Shì)", "云湖市"),
        ("導(dǎo)向(xiàng)", "导向"),
        ("規[guī]定", "规定"),
        ("绿(lǜ)化，女(nv)士", "绿化,女士"),
        ("重（chóng）复与重（zhòng）要", "重复与重要"),
        ("规定（一）", "规定(一)"),
        ("国办发(abc)", "国办发(abc)"),
        ("网站（website）", "网站(website)"),
        ("云(hú)湖", "云(hu)湖"),
        ("甲(a)乙(b)", "甲(a)乙(b)"),
        ("關 於 印 發", "关于印发"),
        ("居住证 办理", "居住证 办理"),
        ("居\u200b住\u00ad证", "居住证"),
        ("⼀⽹通办", "一网通办"),
        ("ＡＢＣ１２３", "abc123"),
    ],
)
def test_chinese_has_one_form(raw: str, folded: str) -> None:
    found = fold(raw, CHINESE)
    assert found.replace("ú", "u") == folded


@pytest.mark.parametrize(
    ("language", "document", "query"),
    [
        ("en", "Policies and registered companies", "policy registering company"),
        ("en", "Applying for marriage certificates", "marriage certificate applied"),
        ("fr", "Déclarations de naissance à l'étranger", "declaration naissances etranger"),
        ("ru", "Регистрация рождения ребёнка", "регистрации рождений ребенка"),
        ("ar", "إِصْدَارُ الشَّهَادَاتِ", "اصدار الشهادات"),
        ("ko", "혼인신고를 하는 방법", "혼인신고"),
        ("ja", "パスポートの申請手続き", "ﾊﾟｽﾎﾟｰﾄの申請"),
    ],
)
def test_forms_of_a_word_meet(language: str, document: str, query: str) -> None:
    cut = analyser()
    stored = set(cut.document(title=document, body="", language=language)["title"].split())
    if language in ("ja", "ko"):
        wanted = {a + b for run in cut.query_words(fold(query, language), language)
                  for a, b in pairwise(run)}  # fmt: skip
    else:
        wanted = set(cut.query_words(fold(query, language), language))
    assert wanted <= stored


@settings(max_examples=200, deadline=None)
@given(HAN)
def test_traditional_text_has_the_words_of_its_simplified_form(text: str) -> None:
    simplified = fold(text, CHINESE)
    assert fold(to_traditional(simplified), CHINESE) == simplified


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_any_text_is_cut_into_words_without_spaces(text: str, language: str) -> None:
    made = analyser().document(title=text[:50], body=text, language=language, aliases=[text[:20]])
    for words in made.values():
        assert "\x00" not in words
        assert all(words.split(" ")) or not words
    assert " " not in made["title_key"]
    # Twice folded is once folded: words of queries are looked for as they are stored.
    once = fold(text, language)
    assert set(analyser().query_words(fold(once, language), language)) == set(
        analyser().query_words(once, language)
    )


@settings(max_examples=300, deadline=None)
@given(HAN, st.data())
def test_each_part_of_a_text_is_in_its_pairs(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))
    stored = analyser().document(title="", body=text, language=CHINESE)["bigram"].split()
    # A part may be read otherwise than the whole only where characters have two simplified forms.
    part = fold(text, CHINESE)[start:end]
    [run] = analyser().pairs(part)
    at = [n for n in range(len(stored)) if tuple(stored[n : n + len(run)]) == run]
    assert at


# --- facts ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "printed",
    ["云政发〔2026〕12号", "云政发[2026]12号", "云政发（２０２６）第012号", "云政发【2026】12", "雲政發2026年12號",
     "云政发 〔2026〕 12 号"],
)  # fmt: skip
def test_a_number_has_one_key(printed: str) -> None:
    assert number_key(fold(printed, CHINESE)) == "云政发202612"
    assert "云政发202612" in number_keys(fold(f"请问{printed}", CHINESE))


def test_numbers_that_differ_have_keys_that_differ() -> None:
    keys = {
        number_key(n)
        for n in (
            "云政发〔2026〕12号",
            "云政发〔2026〕112号",
            "云政办发〔2026〕12号",
            "云政发〔2025〕12号",
        )
    }
    assert len(keys) == 4


def test_days_and_telephones_are_words_of_their_own() -> None:
    assert (
        dates("自2026年3月5日起")
        == dates("2026-03-05")
        == dates("二〇二六年三月五日")
        == ["d20260305"]
    )
    assert dates("2026年2月30日，1.2.3.4") == []
    assert {"87650001", "057187650001"} <= set(telephones("0571-8765 0001"))
    assert "87650001" in telephones("电话(0571)87650001")
    assert telephones("共123项") == []


# --- words of the portal's own --------------------------------------------------------------------
def test_own_words_are_kept_whole_and_change_the_version() -> None:
    plain, own = Analyser(), Analyser(["云湖通", "雲湖通", "x"])
    assert own.version != plain.version
    assert Analyser(["云湖通"]).version == Analyser(["雲湖通"]).version
    assert "云湖通" not in plain.query_words("云湖通上线", CHINESE)
    assert "云湖通" in own.query_words("云湖通上线", CHINESE)
    assert "云湖通" in own.document(title="云湖通上线", body="", language=CHINESE)["title"].split()
    assert "云湖通" not in Analyser().query_words("云湖通上线", CHINESE)


def test_threads_share_one_analyser() -> None:
    cut = Analyser(["云湖通"])
    texts = [paper.body for paper in papers()[:120]]
    expected = [cut.document(title="", body=text, language=CHINESE) for text in texts]
    stems = [cut.document(title="", body="registrations of policies", language="en")] * 50
    wrong: list[int] = []

    def work() -> None:
        for number, text in enumerate(texts):
            if cut.document(title="", body=text, language=CHINESE) != expected[number]:
                wrong.append(number)
        wrong.extend(
            -1
            for one in stems
            if cut.document(title="", body="registrations of policies", language="en") != one
        )

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


# --- marking --------------------------------------------------------------------------------------
def test_marks_know_scripts_readings_spaces_and_stems() -> None:
    chinese = Marker({"居住证": 1.0}, CHINESE)
    for text in ("居住证", "居住證", "居(jū)住(zhù)证", "居 住 证", "居\n住证"):
        [mark] = chinese.marks(f"申领{text}的条件")
        assert f"申领{text}的条件"[mark.start : mark.end] == text
    assert [m.word for m in Marker({"polici": 1.0}, "en").marks("Policy, policies, police")] == [
        "polici", "polici",
    ]  # fmt: skip
    assert [(m.start, m.end) for m in Marker({"etranger": 1.0}, "fr").marks("L'Étranger")] == [
        (2, 10)
    ]
    assert Marker({"abc": 1.0}, CHINESE).marks("xabc") == []


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=100), st.sampled_from(LANGUAGES))
def test_positions_are_those_of_the_text(text: str, language: str) -> None:
    assert len(same_length(text, language)) == len(text)


# --- cost -----------------------------------------------------------------------------------------
def test_a_long_text_costs_what_many_short_ones_do() -> None:
    cut = analyser()
    text = "".join(paper.body for paper in papers())[:100_000]
    whole = min(_cost(cut, [("题", text + text)]) for _ in range(2))
    half = min(_cost(cut, [("题", text)]) for _ in range(2))
    assert whole < 4 * half + 0.05


def _cost(cut: Analyser, texts: list[tuple[str, str]]) -> float:
    began = time.process_time()
    for title, body in texts:
        cut.document(title=title, body=body, language=CHINESE)
    return time.process_time() - began
