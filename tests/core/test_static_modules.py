"""Scripts that import each other are served under their fingerprints, imports included."""

import re
from pathlib import Path

from django.core.files.base import ContentFile
from django.test import override_settings

from portal.core.static_storage import PortalStaticFilesStorage


def test_imports_of_modules_lead_to_the_fingerprinted_files(tmp_path: Path) -> None:
    files = {
        "x/modules/part.js": b"export const one = 1;\n",
        "x/modules/whole.js": b'import { one } from "./part.js";\nimport {\n  one as two,\n} from "./part.js";\n',
        "x/vendored.js": b'import { one } from "./nowhere.js";\n',  # left as it is
    }  # fmt: skip
    with override_settings(STATIC_ROOT=str(tmp_path), DEBUG=False):
        storage = PortalStaticFilesStorage(location=str(tmp_path), base_url="/static/")
        for name, content in files.items():
            storage.save(name, ContentFile(content))
        for _name, _hashed, processed in storage.post_process({n: (storage, n) for n in files}):
            assert not isinstance(processed, Exception), processed
        whole = (tmp_path / storage.stored_name("x/modules/whole.js")).read_text()
        part = Path(storage.stored_name("x/modules/part.js")).name
    assert re.findall(r'from "\./([^"]+)"', whole) == [part, part]
    assert part != "part.js"
