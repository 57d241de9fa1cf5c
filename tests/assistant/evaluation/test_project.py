import json

import numpy as np

from assistant.evaluation import project


def test_directions_are_those_in_which_languages_differ():
    random = np.random.default_rng(0)
    matter = random.normal(size=(1, 64))
    tongue = random.normal(size=(3, 64))
    found = project.languages([(matter + tongue).astype(np.float32)])
    differences = tongue - tongue.mean(axis=0)
    left = differences - differences @ found.T @ found
    assert np.abs(left).max() < 1e-5


def test_every_language_says_the_same_number_of_sentences():
    lines = [line.split("|") for line in project.lines_of("parallel.txt")]
    assert len({line[0] for line in lines}) == len(lines)
    assert {len(line) for line in lines} == {11}


def test_the_command_writes_both_files(tmp_path):
    def embed(texts, part):
        rows = [[len(text), hash(text) % 7, part == "answer", *range(13)] for text in texts]
        return np.array(rows, np.float32)

    questions, answers = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    questions.write_text(
        "\n".join(json.dumps({"text": f"问题{n}", "lang": "zh-Hans"}) for n in range(30))
    )
    answers.write_text(json.dumps({"answer": "答复"}))
    arguments = ["--questions", str(questions), "--answers", str(answers), "--out", str(tmp_path)]
    assert project.main(arguments, embed) == 0
    with np.load(tmp_path / "projection.npz") as arrays:
        assert arrays["e5.answer"][:3].tolist() == [2, arrays["e5.answer"][1], 1]
        assert arrays["e5.languages"].shape[0] <= project.DIRECTIONS
    with np.load(tmp_path / "gates.npz") as arrays:
        assert len(arrays["e5"]) == len(project.lines_of("elsewhere.txt"))
