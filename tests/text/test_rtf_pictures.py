from hypothesis import given
from hypothesis import strategies as st

from portal.text.rtf_pictures import pictures_in_rtf

from .docx_samples import png

ONE, TWO = png(), png(3, 3)


def picture(data: bytes, kind: str = "pngblip") -> str:
    digits = data.hex()
    lines = "\n".join(digits[i : i + 64] for i in range(0, len(digits), 64))
    return (
        r"{\*\shppict{\pict{\*\picprop\shplid1025{\sp{\sn pib}{\sv x}}}\picscalex100\picw80"
        rf"\{kind}\bliptag-1{{\*\blipuid 0123456789abcdef0123456789abcdef}}" + "\n" + lines + "}}"
        r"{\nonshppict{\pict\picw80\wmetafile8 " + "0100" * 20 + "}}"
    )


def test_pictures_come_in_order_and_once() -> None:
    bullet = r"{\*\listpicture{\pict\pngblip " + ONE.hex() + "}}"
    rtf = r"{\rtf1\ansi" + bullet + picture(ONE) + r"\par text" + picture(TWO) + "}"
    assert pictures_in_rtf(rtf) == [ONE, TWO]


def test_no_pictures() -> None:
    assert pictures_in_rtf(r"{\rtf1 {\pict\wmetafile8 0100}}") == []


@given(st.text(st.sampled_from("{}\\pict pngblip0f\n"), max_size=60))
def test_it_never_raises(rtf: str) -> None:
    pictures_in_rtf(rtf)
