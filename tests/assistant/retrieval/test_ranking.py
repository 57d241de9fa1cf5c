import numpy as np
import pytest

from assistant.retrieval import ranking
from assistant.retrieval.ranking import rank, use_reads

NAN = np.nan


def scores(**fields):
    return {name: np.array(values, np.float32) for name, values in fields.items()}


class TestRank:
    def test_closeness_decides(self):
        fused = rank(scores(e5_question=[0.1, 0.5, 0.2], bm25_question=[0, 0, 0]), "怎么落户")
        assert fused.argmax() == 1

    def test_words_decide_between_close_ones(self):
        fused = rank(scores(e5_question=[0.5, 0.5], bm25_question=[2, 9]), "怎么落户")
        assert fused.argmax() == 1

    def test_words_of_another_script_do_not_count(self):
        fields = scores(e5_answer=[0.52, 0.5], bm25_answer=[0, 9])
        assert rank(fields, "怎么办ETC").argmax() == 1
        assert rank(fields, "How do I get ETC").argmax() == 0
        same = np.array([False, True])
        assert rank(fields, "How do I get ETC", same_language=same).argmax() == 1
        assert rank(fields, "怎么办ETC", same_language=~same).argmax() == 0

    def test_few_entries_in_the_language_of_the_question_do_not_win_by_their_words(self):
        fields = scores(e5_question=[0.6, 0.5, *[0.1] * 8], bm25_question=[0, 9, *[0] * 8])
        few = np.array([False, True, *[False] * 8])
        assert rank(fields, "How do I get it", same_language=few).argmax() == 0
        assert rank(fields, "How do I get it", same_language=np.ones(10, bool)).argmax() == 1

    def test_an_entry_without_a_question_is_ranked_by_its_answer(self):
        fields = scores(e5_question=[0.1, 0.0, NAN], e5_answer=[0.0, 0.1, 0.6])
        assert rank(fields, "怎么落户").argmax() == 2

    def test_question_weighs_more_than_answer(self):
        fields = scores(e5_question=[0.5, 0.2], e5_answer=[0.2, 0.5])
        assert rank(fields, "怎么落户").argmax() == 0

    def test_use_is_not_asked_in_a_language_that_it_has_not_learnt(self):
        fields = scores(e5_question=[0.5, 0.4], use_question=[0.0, 0.9])
        assert rank(fields, "Where do I register").argmax() == 1
        assert rank(fields, "Tôi đăng ký ở đâu").argmax() == 0
        assert rank(fields, "dimana saya mendaftar", language="id").argmax() == 0

    def test_words_alone(self):
        fused = rank(scores(bm25_question=[1, 3, 0], bm25_answer=[5, 1, 0]), "怎么落户")
        assert np.isfinite(fused).all()
        assert fused.argmin() == 2

    def test_nothing_known_of_an_entry(self):
        fused = rank(scores(e5_question=[0.5, NAN], bm25_question=[1, NAN]), "怎么落户")
        assert fused[1] == -np.inf

    def test_scores_do_not_depend_on_a_constant_shift(self):
        one = rank(scores(e5_question=[0.5, 0.1], e5_answer=[0.2, 0.3]), "落户")
        other = rank(scores(e5_question=[0.7, 0.3], e5_answer=[0.2, 0.3]), "落户")
        assert other == pytest.approx(one, abs=1e-5)

    def test_no_candidates(self):
        assert len(rank(scores(e5_question=[], bm25_question=[]), "落户")) == 0
        assert len(rank({}, "落户")) == 0

    def test_two_models_share_what_one_would_have(self):
        one = rank(scores(e5_question=[0.5, 0.1]), "落户")
        two = rank(scores(e5_question=[0.5, 0.1], service_question=[0.5, 0.1]), "落户")
        assert two == pytest.approx(one, abs=1e-5)


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("怎么办", True),
        ("Where?", True),
        ("где", True),
        ("어디", True),
        ("ở đâu", False),
        ("कहाँ", False),
    ],
)
def test_use_reads(text, reads):
    assert use_reads(text) is reads


class TestTranslations:
    """Entries 0 and 1 say the same in two languages, 2 and 3 are others."""

    fused = np.array([0.9, 1.0, 0.7, 0.2], np.float32)

    def groups(self, is_own: tuple[bool, ...] = (False, True, False, False), top: int = 3):
        return ranking.collapse(self.fused, [1, 0, 2, 3], ["a", "a", "b", "c"], is_own, top)

    def test_the_one_in_the_askers_language_stands_with_the_best_ones_score(self):
        first, *others = self.groups()
        assert (first.place, first.places) == (0, [1, 0])
        assert first.score == 1.0
        assert [group.place for group in others] == [2, 3]

    def test_without_one_in_the_askers_language_the_best_stands(self):
        assert self.groups((False,) * 4)[0].place == 1

    def test_the_top_is_of_groups(self):
        assert [group.place for group in self.groups(top=2)] == [0, 2]

    def test_the_gates_see_them_as_one_entry(self):
        fields = {"e5_question": np.array([0.6, 0.9, 0.5, np.nan], np.float32)}
        united, fused = ranking.united(fields, self.fused, self.groups())
        assert united["e5_question"].tolist() == pytest.approx(
            [0.9, np.nan, 0.5, np.nan], nan_ok=True
        )
        assert fused.tolist() == pytest.approx([1.0, -np.inf, 0.7, 0.2])
        assert fields["e5_question"][0] == pytest.approx(0.6), "others use the fields, too"
