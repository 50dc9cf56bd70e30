"""The sample group's thirteen people: invented names, real municipalities."""

from __future__ import annotations

from dataclasses import dataclass

from storage.enums import Role


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """`id` is the person's in the local workspace; `code` and `municipality` are what they speak for."""

    id: str
    name: str
    roles: tuple[Role, ...]
    code: str = ""
    municipality: str = ""


REPRESENTATIVE = (Role.REPRESENTATIVE,)

PEOPLE = (
    SamplePerson("karen", "Karen Østergaard", (Role.CONVENER, Role.REPRESENTATIVE), "710", "Favrskov"),
    SamplePerson("jonas", "Jonas Lykke", REPRESENTATIVE, "710", "Favrskov"),
    SamplePerson("mette", "Mette Aagaard", REPRESENTATIVE, "173", "Lyngby-Taarbæk"),
    SamplePerson("soeren", "Søren Kofoed", REPRESENTATIVE, "400", "Bornholm"),
    SamplePerson("line", "Line Bjerre", REPRESENTATIVE, "326", "Kalundborg"),
    SamplePerson("peter", "Peter Iversen", REPRESENTATIVE, "540", "Sønderborg"),
    SamplePerson("hanne", "Hanne Todsen", REPRESENTATIVE, "550", "Tønder"),
    SamplePerson("ali", "Ali Rahman", REPRESENTATIVE, "707", "Norddjurs"),
    SamplePerson("camilla", "Camilla Nørby", (Role.SUPPLIER,)),
    SamplePerson("thomas", "Thomas Vinther", (Role.SECRETARIAT,)),
    SamplePerson("birgit", "Birgit Holst", (Role.STEERING,)),
    SamplePerson("lars", "Lars Damgaard", (Role.STEERING,)),
    SamplePerson("nina", "Nina Falk", (Role.GUEST,)),
)

CHANNELS = (
    ("koordinationsgruppe", "koordinationsgruppe"),
    ("styregruppe", "styregruppe"),
    ("ny-gruppe", "ny-gruppe"),
)
"""The workspace's channels; in the last one nobody has made a group yet."""
