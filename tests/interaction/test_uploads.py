"""What visitors attach: honest files are taken, everything that only looks like one is not."""

import io
import socketserver
import struct
import threading
import zlib
from collections.abc import Iterator

import pytest
from PIL import Image

from portal.interaction.uploads import LARGEST, FileRefused, check_file, clean_name

from . import files

_SCRIPT = b"<</S/JavaScript/JS(app.alert(1))>>"


def _packed(about: bytes, data: bytes) -> bytes:
    """A PDF with a list of objects behind filters, as ``about`` says."""
    objects = b"2 0 obj<<" + about + b">>stream\n" + data + b"\nendstream endobj\n"
    return files.pdf().replace(b"trailer", objects + b"trailer")


_FAR = b"/Type/ObjStm/Filter/FlateDecode/Z(" + b"x" * 5_000 + b")"
_PLAIN = b"/Type /ObjStm /N 1 /First 4 /Length 30 /Filter /FlateDecode"
_TRICKED = b"/Type/ObjStm/Filter/FlateDecode/Z(stream\n" + zlib.compress(b"<<>>") + b"endstream)"
_FILTERS = b"/Type/ObjStm/Filter[/ASCIIHexDecode/FlateDecode]"


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (files.pdf(), "回执.pdf", "application/pdf"),
        (_packed(_PLAIN, zlib.compress(b"3 0 <</Type/Page>>")), "回执.pdf", "application/pdf"),
        (files.docx(), "申请.docx", None),
        (files.xlsx(), "表.xlsx", None),
        (files.jpeg(), "路灯.jpg", "image/jpeg"),
        (files.jpeg(), "路灯.JPEG", "image/jpeg"),
        (files.png(), "截图.png", "image/png"),
        ("路灯不亮".encode(), "说明.txt", "text/plain"),
        ("路灯不亮".encode("gb18030"), "说明.txt", "text/plain"),
        (files.mp3(), "录音.mp3", "audio/mpeg"),
        (files.mp4(), "录像.mp4", "video/mp4"),
    ],
)
def test_honest_files_are_taken(data: bytes, name: str, kind: str | None) -> None:
    checked = check_file(data, name)
    assert checked.name == name
    assert kind in (None, checked.mime_type)
    assert (checked.scanned_at, checked.scanned_by) == (None, "")  # nobody looked, and we say so


_BOMB = files.with_part(files.docx(), "word/media/zeros.bmp", b"\0" * (90 * 1024 * 1024))
_BODY = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}
_HIDDEN = (
    b"2 0 obj<</Type/ObjStm/Length 60>>stream\n"
    + zlib.compress(b"<</S/JavaScript/JS(app.alert(1))>>")
    + b"\nendstream endobj\n"
)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        pytest.param(b"", "空.pdf", id="empty"),
        pytest.param(b"MZ\x90\0" + b"\0" * 60, "照片.jpg", id="program as a picture"),
        pytest.param(b"MZ\x90\0" + b"\0" * 60, "工具.exe", id="program"),
        pytest.param(files.pdf(), "照片.jpg", id="pdf as a picture"),
        pytest.param(files.jpeg(), "文件.pdf", id="picture as a pdf"),
        pytest.param(files.zipped({"a.txt": b"x"}), "文件.zip", id="archive"),
        pytest.param(files.zipped({"a.txt": b"x"}), "文件.docx", id="archive as a document"),
        pytest.param(b"PK\x03\x04 broken", "文件.docx", id="broken archive"),
        pytest.param(_BOMB, "文件.docx", id="unpacks to far too much"),
        pytest.param(
            files.with_part(files.docx(), "word/vbaProject.bin", b"macro"), "宏.docx", id="macro"
        ),
        pytest.param(
            files.with_part(files.xlsx(), "xl/embeddings/oleObject1.bin", b"x"),
            "表.xlsx",
            id="embedded object",
        ),
        pytest.param(
            files.with_part(
                files.docx(),
                "word/_rels/settings.xml.rels",
                b'<Relationships><Relationship TargetMode="External" Target="http://x.example/a" '
                b'Type="http://x/relationships/attachedTemplate"/></Relationships>',
            ),
            "模板.docx",
            id="template from outside",
        ),
        pytest.param(
            files.with_part(
                files.docx(),
                "customXml/_rels/a.rels",
                b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            ),
            "实体.docx",
            id="entity",
        ),
        pytest.param(
            files.with_part(
                files.docx(),
                "word/_rels/settings.xml.RELS",
                b'<Relationships><Relationship TargetMode="external" Target="http://x.example/a" '
                b'Type="http://x/relationships/attachedTemplate"/></Relationships>',
            ),
            "模板.docx",
            id="template from outside, written large",
        ),
        pytest.param(
            files.zipped({f"word/{n}.xml": b"" for n in range(2_500)} | _BODY),
            "文件.docx",
            id="thousands of parts",
        ),
        pytest.param(files.docx() + b"behind the end", "尾巴.docx", id="something behind it"),
        pytest.param(files.pdf(b"/OpenAction<</S/JavaScript/JS(x)>>"), "a.pdf", id="pdf script"),
        pytest.param(files.pdf(b"/OpenAction<</S/J#61vaScript>>"), "a.pdf", id="pdf, written odd"),
        pytest.param(files.pdf(b"/A<</S/Launch/F(cmd.exe)>>"), "a.pdf", id="pdf starts a program"),
        pytest.param(files.pdf(b"/Names<</EmbeddedFiles 3 0 R>>"), "a.pdf", id="pdf with files"),
        pytest.param(
            files.pdf().replace(b"trailer", _HIDDEN + b"trailer"), "a.pdf", id="pdf, packed script"
        ),
        pytest.param(
            _packed(b"/Type/Obj#53tm/Filter/FlateDecode", zlib.compress(_SCRIPT)),
            "a.pdf",
            id="pdf, packed and written odd",
        ),
        pytest.param(
            _packed(_FAR, zlib.compress(_SCRIPT)), "a.pdf", id="pdf, packed behind long words"
        ),
        pytest.param(
            _packed(_TRICKED, zlib.compress(_SCRIPT)), "a.pdf", id="pdf, packed behind another"
        ),
        pytest.param(
            _packed(_FILTERS, zlib.compress(_SCRIPT).hex().encode() + b">"),
            "a.pdf",
            id="pdf, packed twice",
        ),
        pytest.param(
            _packed(
                b"/Type/ObjStm/Filter/FlateDecode",
                zlib.compress(b"/JavaScript#20" * 9)[:-8] + b"x" * 40,
            ),
            "a.pdf",
            id="pdf, packed and locked",
        ),
        pytest.param(
            _packed(b"/Type/ObjStm/Filter/FlateDecode", zlib.compress(b"0" * 40 * 1024 * 1024)),
            "a.pdf",
            id="pdf unpacks to far too much",
        ),
        pytest.param(files.pdf() + files.zipped({"a": b"b"}), "a.pdf", id="pdf and archive"),
        pytest.param(files.pdf(end=b""), "a.pdf", id="pdf cut off"),
        pytest.param(files.jpeg()[:200], "a.jpg", id="picture cut off early"),
        pytest.param(files.jpeg() + files.zipped({"a": b"b"}), "a.jpg", id="picture and archive"),
        pytest.param(files.png() + b"<script>alert(1)</script>", "a.png", id="picture and script"),
        pytest.param(b"<html><script>alert(1)</script>", "a.txt", id="page as text"),
        pytest.param(b"<svg onload='x'>", "a.svg", id="drawing"),
        pytest.param(
            b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", id="drawing as picture"
        ),
        pytest.param(b"<html><script>alert(1)</script>", "a.png", id="page as picture"),
        pytest.param(b"<html><script>alert(1)</script>", "a.pdf", id="page as pdf"),
        pytest.param(b"GIF89a/*" + b"\0" * 20 + b"*/=alert(1)", "a.jpg", id="script as picture"),
        pytest.param(b"ID3<html><script>alert(1)</script>", "a.mp3", id="page as recording"),
        pytest.param(b"\0\0\0\x10ftyp<script>alert(1)</script>", "a.mp4", id="page as film"),
        pytest.param("<script>alert(1)</script>".encode("utf-16"), "a.txt", id="page in utf-16"),
        pytest.param(b" " * 5_000 + b"<script>alert(1)", "a.txt", id="page far down in a text"),
        pytest.param(b"\0\1\2binary", "a.txt", id="binary as text"),
        pytest.param(b"%PDF-1.4" + b"0" * LARGEST, "a.pdf", id="too large"),
    ],
)
def test_everything_else_is_refused_with_its_name(data: bytes, name: str) -> None:
    with pytest.raises(FileRefused) as refused:
        check_file(data, name)
    assert name in str(refused.value)


def test_a_picture_with_too_many_pixels_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(out, "PNG")
    with pytest.raises(FileRefused):
        check_file(out.getvalue(), "大.png")


def test_a_picture_does_not_tell_where_it_was_taken() -> None:
    data = files.jpeg(with_place=True)
    assert b"at home" in data
    checked = check_file(data, "家.jpg")
    assert b"at home" not in checked.data
    with Image.open(io.BytesIO(checked.data)) as picture:
        assert not picture.getexif().get_ifd(0x8825)


def test_the_film_that_a_phone_hides_behind_a_picture_is_cut_off() -> None:
    checked = check_file(files.jpeg() + files.mp4() + b"\xff\xd9", "动态.jpg")
    assert b"ftyp" not in checked.data
    with Image.open(io.BytesIO(checked.data)) as picture:
        picture.load()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\路灯.pdf", "路灯.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("\0\n", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ('"><script>.txt', "---script-.txt"),
    ],
)
def test_names_are_names_and_nothing_more(name: str, kept: str) -> None:
    assert clean_name(name).replace("--", "-").lstrip("-") == kept.replace("--", "-").lstrip("-")


# --- virus scanner --------------------------------------------------------------------------------
class _Clamd(socketserver.BaseRequestHandler):
    """Speaks INSTREAM as clamd does; finds the one word that it knows."""

    def handle(self) -> None:
        stream = self.request.makefile("rb")
        assert stream.read(10) == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack("!I", stream.read(4))[0]:
            data += stream.read(size)
        told = "stream: Planted.Word FOUND" if b"planted" in data else "stream: OK"
        if b"confuse" in data:
            told = "INSTREAM size limit exceeded. ERROR"
        self.request.sendall(told.encode() + b"\0")


@pytest.fixture
def scanner(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Clamd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("CLAMD_ADDRESS", f"127.0.0.1:{server.server_address[1]}")
        yield
        server.shutdown()


@pytest.mark.usefixtures("scanner")
def test_a_scanner_that_is_set_up_is_asked_and_named() -> None:
    checked = check_file(b"clean words", "a.txt")
    assert checked.scanned_by == "clamd"
    assert checked.scanned_at is not None
    with pytest.raises(FileRefused, match=r"a\.txt"):
        check_file(b"a planted word", "a.txt")


@pytest.mark.usefixtures("scanner")
def test_what_the_scanner_cannot_judge_is_not_taken() -> None:
    with pytest.raises(FileRefused):
        check_file(b"confuse it", "a.txt")


def test_a_scanner_that_does_not_answer_lets_nothing_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CLAMD_ADDRESS", "127.0.0.1:9")
    with pytest.raises(FileRefused):
        check_file(b"clean words", "a.txt")
