"""Names as ids, for data sets that have no ids of their own."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["slug"]


def slug(name: str) -> str:
    """A name as an id: lower case, without accents, words joined by hyphens; a name of signs stays itself."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", plain).strip("-") or name
