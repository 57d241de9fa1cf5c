"""Pictures lose what they tell about people, drawings hold nothing that runs."""

from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from portal.core.uploads.containers import FileProblem
from portal.core.uploads.images import check_drawing, without_personal_data

SECRET = b"LiLei-30.27N"


def photo(kind: str, orientation: int = 1, **options: object) -> bytes:
    image = Image.new("RGB", (40, 20), "#0f5c70")
    image.putpixel((0, 0), (255, 0, 0))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = SECRET.decode()  # the artist
    exif.get_ifd(0x8825)[1] = "N"  # the place
    out = BytesIO()
    image.save(out, kind, exif=exif, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_place_and_name_go_the_way_up_stays(kind: str, orientation: int) -> None:
    before = photo(kind, orientation)
    assert SECRET in before
    after = without_personal_data(before)
    assert SECRET not in after
    with Image.open(BytesIO(after)) as image:
        notes = image.getexif()
        image.load()
        assert 0x8825 not in notes
        turned = notes.get(0x0112, 1)
        # An AVIF is turned itself; PNG viewers ignore the note, so nothing is lost without it.
        expected = {"AVIF": (1, (20, 40) if orientation == 6 else (40, 20)), "PNG": (1, (40, 20))}
        assert (turned, image.size) == expected.get(kind, (orientation, (40, 20)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_pixels_stay_as_they_are(kind: str) -> None:
    before = photo(kind)
    with (
        Image.open(BytesIO(before)) as one,
        Image.open(BytesIO(without_personal_data(before))) as two,
    ):
        assert one.convert("RGB").tobytes() == two.convert("RGB").tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_a_picture_without_notes_is_not_touched(kind: str) -> None:
    out = BytesIO()
    Image.new("RGB", (40, 20)).save(out, kind)
    assert without_personal_data(out.getvalue()) == out.getvalue()


def test_comments_and_texts_go() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", SECRET.decode())
    png, jpeg = BytesIO(), BytesIO()
    Image.new("RGB", (8, 8)).save(png, "PNG", pnginfo=texts)
    Image.new("RGB", (8, 8)).save(jpeg, "JPEG", comment=SECRET)
    for data in (png.getvalue(), jpeg.getvalue()):
        assert SECRET in data
        assert SECRET not in without_personal_data(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_damaged_picture_is_left_to_those_who_open_it(kind: str) -> None:
    data = photo(kind)
    for end in range(0, len(data), 7):
        without_personal_data(data[:end])


GOOD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'viewBox="0 0 9 9"><style>.a{fill:url(#g)}</style><defs><path id="p" d="M0 0h9"/></defs>'
    '<use xlink:href="#p"/><image href="data:image/png;base64,AA=="/></svg>'
)


def test_a_drawing_is_welcome() -> None:
    check_drawing(GOOD.encode())


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<g onload="alert(1)"/>',
        "<foreignObject><p/></foreignObject>",
        '<image href="https://elsewhere.example/a.png"/>',
        '<use href="other.svg#x"/>',
        '<a href="javascript:alert(1)"><path d="M0 0"/></a>',
        "<style>@import url(https://elsewhere.example/a.css)</style>",
        '<path style="fill:url(https://elsewhere.example/a)" d="M0 0"/>',
        '<a><animate attributeName="href" to="javascript:alert(1)"/></a>',
        '<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>',
        "<iframe src='x'/>",
        "<p",
    ],
)
def test_what_runs_or_asks_others_is_refused(inside: str) -> None:
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'
    with pytest.raises(FileProblem):
        check_drawing(drawing.encode())


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'
    with pytest.raises(FileProblem):
        check_drawing(bomb.encode())
