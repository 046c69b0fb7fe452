"""The font files that documents are set in."""

from pathlib import Path

import fontpkg_noto_sans
from django.contrib.staticfiles import finders

# paper.css names these families in this order.
INTER = {
    "Paper Latin": "inter/inter-latin-wght-normal.woff2",
    "Paper Latin Extended": "inter/inter-latin-ext-wght-normal.woff2",
    "Paper Cyrillic": "inter/inter-cyrillic-wght-normal.woff2",
}


def font_faces() -> str:
    """Rules for the font files of this installation: Inter when it was built, and Noto Sans.

    Each file is a family of its own: as parts of one family WeasyPrint 70 mixes up their glyphs.
    """
    files = {family: finders.find(path) for family, path in INTER.items()}
    noto = Path(fontpkg_noto_sans.__file__).parent / "files" / "NotoSans[wdth,wght].ttf"
    files["Paper Noto"] = str(noto)
    return "".join(
        f'@font-face{{font-family:"{family}";font-weight:100 900;src:url("{Path(path).as_uri()}")}}'
        for family, path in files.items()
        if path
    )
