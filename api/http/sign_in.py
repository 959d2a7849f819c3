"""Whether the service asks who its clients are."""

from __future__ import annotations

from typing import Literal

__all__ = ["SignIn"]

#: required: nobody gets in without an account. demo: API clients need none, and the pages sign in by a click.
#: off: nobody has to sign in, and everybody may do everything.
SignIn = Literal["required", "demo", "off"]
