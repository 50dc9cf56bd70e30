"""What Slack takes, as numbers: everything that is shown fits within them, so that nothing is refused."""

from __future__ import annotations

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
"""Blocks in a modal and on a person's home page."""

MESSAGE_SIZE = 12_000
"""Letters of all blocks of one message as JSON; Slack documents no number and refuses somewhat above 13,000."""

VIEW_SIZE = 240_000
"""Letters of a whole view as JSON; Slack refuses more than 250 kB."""

FALLBACK_TEXT = 3_900
TEXT = 3_000
HEADER = 150
CONTEXT_ELEMENTS = 10
ACTIONS = 25
BUTTON_LABEL = 75
BUTTON_VALUE = 2_000
URL = 3_000
ID = 255
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTIONS = 100
OPTION_GROUPS = 100
CHECKBOXES = 10
PLACEHOLDER = 150
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30
INPUT_LABEL = 2_000
INPUT_TEXT = 3_000
VIEW_WORD = 24
"""Letters of a modal's title and of its two buttons."""

PRIVATE_METADATA = 3_000

CHART_BARS = 20
CHART_TITLE = 50
CHART_LABEL = 20
CHARTS = 2
"""Charts in one message."""
