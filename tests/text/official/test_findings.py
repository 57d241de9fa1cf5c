"""The list of codes is complete: each that the parser gives is listed and explained."""

import ast
import inspect
import re
from itertools import pairwise
from pathlib import Path

from portal.text.official import findings


def test_every_code_has_a_constant_with_a_sentence():
    body = ast.parse(inspect.getsource(findings)).body
    explained = {}
    for node, following in pairwise(body):
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Constant):
            assert isinstance(following, ast.Expr), node.target.id
            explained[node.value.value] = following.value.value
    assert set(explained) == set(findings.CODES)
    assert all(sentence.endswith(".") for sentence in explained.values())


def test_every_code_is_used():
    folder = Path(inspect.getfile(findings)).parent
    source = "".join(
        path.read_text("utf-8") for path in folder.glob("*.py") if path.name != "findings.py"
    )
    used = {name.lower() for name in re.findall(r"codes\.([A-Z_]+)", source)}
    assert set(findings.CODES) - used == set()
