import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval import analysis


class TestTokens:
    def test_characters_and_pairs(self):
        assert sorted(analysis.tokens("居住证")) == sorted(["居", "住", "证", "居住", "住证"])

    def test_whole_words_of_other_scripts_once(self):
        assert analysis.tokens("Visa 办 ETC") == ["visa", "办", "etc"]

    def test_scripts_and_widths_are_one(self):
        assert analysis.tokens("辦理ＥＴＣ！") == analysis.tokens("办理etc")

    def test_punctuation_parts_pairs(self):
        assert "证怎" not in analysis.tokens("居住证，怎么")

    @given(st.text(max_size=200))
    def test_any_text(self, text):
        for token in analysis.tokens(text):
            assert token
            assert not token.isspace()

    def test_very_long_text_is_read_up_to_a_limit(self):
        assert len(analysis.tokens("政" * 100_000)) <= 2 * analysis.LONGEST


class TestQueryTerms:
    def test_matter_counts_more_than_manners(self):
        terms = analysis.query_terms("请问怎么办居住证")
        assert terms["居住"] == 1
        assert terms["请问"] < 0.5

    def test_fee_and_time_limit_are_matter(self):
        assert analysis.query_terms("多少钱")["多少"] == 1

    def test_everyday_words_bring_official_ones(self):
        terms = analysis.query_terms("拿驾照")
        assert terms["驾照"] == 1
        assert 0 < terms["驾驶"] < 1

    def test_what_is_said_is_never_weakened(self):
        assert analysis.query_terms("驾照就是驾驶证")["驾驶"] == 1

    def test_a_question_of_manners_alone_still_has_terms(self):
        assert analysis.query_terms("怎么办")

    def test_no_everyday_word_is_its_own_official_word_alone(self):
        for everyday, official in analysis.synonyms().items():
            assert set(official) != {everyday}, everyday
            assert all(word == analysis.written(word).lower() for word in (everyday, *official))

    @given(st.text(max_size=200))
    def test_any_text(self, text):
        assert all(weight > 0 for weight in analysis.query_terms(text).values())


class TestWritten:
    def test_chinese_in_simplified_characters(self):
        assert analysis.written("如何辦理戶籍遷入？") == "如何办理户籍迁入？"

    @pytest.mark.parametrize("text", ["会社を辞めた後の健康保険", "Visa renewal?", "비자", ""])
    def test_others_as_they_are(self, text):
        assert analysis.written(text) == text

    def test_japanese_keeps_its_characters(self):
        assert analysis.written("電気が止まりました") == "電気が止まりました"


class TestSameQuestion:
    def test_punctuation_space_case_script(self):
        assert analysis.same_question("ETC 怎麼辦理？") == analysis.same_question("etc怎么办理")

    def test_other_words_are_another_question(self):
        assert analysis.same_question("怎么办理") != analysis.same_question("怎么注销")

    def test_nothing_but_marks(self):
        assert analysis.same_question("？！ …") == ""


class TestShape:
    def test_script_and_length(self):
        assert analysis.shape("怎么办ETC？") == analysis.Shape(chinese=True, length=4)
        assert analysis.shape("How do I renew it?") == analysis.Shape(chinese=False, length=5)
        assert not analysis.shape("どこで手続き").chinese
