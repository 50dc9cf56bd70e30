"""Conversations about the terms of reference, and how the group lives up to them."""

from __future__ import annotations

from tests.promises.local import LocalDriver


async def test_the_terms_of_reference_show_the_groups_own_numbers(chat: LocalDriver) -> None:
    await chat.say("hans", "group", "/gruppe kommissorium")
    shown = (await chat.messages("hans", "private"))[-1]
    assert "Kommissorium for koordinationsgruppen for OS2test" in shown.text
    assert "Medlemmer: Bornholm, Favrskov og Tønder" in shown.text
    assert "mindst 4 om året" in shown.text
    assert "Økonomisk ramme i år: ikke sat endnu" in shown.text
    await chat.press("hans", shown, "Hvordan går det?")
    assert "Sådan står det til i gruppen" in (await chat.messages("hans", "private"))[-1].text


async def test_what_is_wrong_is_said_with_what_to_do(chat: LocalDriver) -> None:
    await chat.say("anna", "group", "/gruppe sundhed")
    told = (await chat.messages("anna", "private"))[-1].text
    assert "✓ Gruppen har en leder." in told
    assert "✗ Møder bagud i år: 2. Planlæg det næste med /møde." in told
    assert "✗ Årets økonomiske ramme er ikke sat." in told
    assert "– Om en kommune er blevet tavs, ses først efter to afsluttede afstemninger." in told
