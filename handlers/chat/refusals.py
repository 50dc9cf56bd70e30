"""The sentence that a person gets instead of a deed: what is wrong, and what would be right."""

from __future__ import annotations


class Refusal(Exception):
    """A deed that is refused. `key` names a text of the catalogs and `parameters` fill it; the roof says it to the
    acting person in their language. Nothing that the deed did is kept."""

    language = ""
    """The acting person's, as far as it was known when the deed was refused."""

    def __init__(self, key: str, **parameters: object) -> None:
        super().__init__(key)
        self.key = key
        self.parameters = parameters


class FieldRefusal(Refusal):
    """A refusal of what stands in one field: shown at that field where there is a form, else as a sentence."""

    def __init__(self, field: str, key: str, **parameters: object) -> None:
        super().__init__(key, **parameters)
        self.field = field


class Misfilled(Exception):
    """A form with one or more fields that can't be used."""

    language = ""
    """As a refusal's."""

    def __init__(self, refusals: list[FieldRefusal]) -> None:
        super().__init__(", ".join(refusal.field for refusal in refusals))
        self.refusals = refusals
