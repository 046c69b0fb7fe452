"""The font files that documents are set in."""

from pathlib import Path

import fontpkg_noto_sans
from django.contrib.staticfiles import finders

# paper.css names these families in this order. One file for each weight: a variable font would be
# cut to its weight anew for every document, which took half of the time of printing.
INTER = {
    "Paper Latin": "inter/inter-latin-{weight}-normal.woff",
    "Paper Latin Extended": "inter/inter-latin-ext-{weight}-normal.woff",
    "Paper Cyrillic": "inter/inter-cyrillic-{weight}-normal.woff",
}
WEIGHTS = (400, 600)
# Characters in common use, in files that are cut to those of a page in half of the time that the
# fonts of the system take. What they lack comes from those.
EASTERN = {
    "Paper Japanese": {400: "noto/noto-sans-jp-400.woff", 600: "noto/noto-sans-jp-600.woff"},
    "Paper Chinese": {400: "noto/noto-sans-sc-400.woff", 600: "noto/noto-sans-sc-700.woff"},
}


def font_faces() -> str:
    """Rules for the font files of this installation: Inter when it was built, and Noto Sans.

    Each script is a family of its own: as parts of one family WeasyPrint 70 mixes up their glyphs.
    """
    faces = [
        (family, str(weight), finders.find(path.format(weight=weight)))
        for family, path in INTER.items()
        for weight in WEIGHTS
    ]
    faces += [
        (family, str(weight), finders.find(path))
        for family, paths in EASTERN.items()
        for weight, path in paths.items()
    ]
    noto = Path(fontpkg_noto_sans.__file__).parent / "files" / "NotoSans[wdth,wght].ttf"
    faces.append(("Paper Noto", "100 900", str(noto)))
    return "".join(
        f'@font-face{{font-family:"{family}";font-weight:{weight};'
        f'src:url("{Path(path).as_uri()}")}}'
        for family, weight, path in faces
        if path
    )
