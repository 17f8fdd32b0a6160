"""The marks that end sentences in many scripts, and what may close behind them."""

from __future__ import annotations

import re

FULL = ".\u2024։۔।॥።။។៕。．｡"  # noqa: RUF001 (stops of many scripts)
"""Full stops: Armenian, Urdu, Devanagari, Ethiopic, Burmese, Khmer, Chinese and Japanese ones beside the Latin one."""
ASKING = "?!\u037e؟፧？！"  # noqa: RUF001 (the same)
"""What asks and calls. Greek asks with the sign of its own here, and with the semicolon, which is no stop elsewhere."""
CLOSING = "\"'”’»」』)]*_"  # noqa: RUF001 (closing marks)
"""What may stand behind the stop of a line: quotation marks, brackets, and the emphasis of Markdown."""

_DOTS = ".\u2024。．｡"  # noqa: RUF001 (of which three are an ellipsis; two dandas are a stop)

ENDS_FULLY = re.compile(rf"(?<![{_DOTS}])[{FULL}][{re.escape(CLOSING)}]*\s*\Z")
"""A line's one full stop. Three dots end no sentence: they say that something goes on."""
ENDS = re.compile(rf"[{FULL}{ASKING}][{re.escape(CLOSING)}]*\s*\Z")
"""The stop of a line that is a sentence, a question or a call."""
