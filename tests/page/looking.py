"""What a page looks like to those who look closely: contrasts, widths, names of controls, the order of headings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.async_api import Page

_CONTRASTS = """() => {
  const parse = (text) => {
    const [red, green, blue, alpha = 1] = text.match(/[\\d.]+/g).map(Number);
    return { red, green, blue, alpha };
  };
  const over = (top, under) => {
    const mix = (name) => top[name] * top.alpha + under[name] * (1 - top.alpha);
    return { red: mix('red'), green: mix('green'), blue: mix('blue'), alpha: 1 };
  };
  const background = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.alpha > 0) layers.push(colour);
      if (colour.alpha === 1) break;
    }
    const base = parse(getComputedStyle(document.body).backgroundColor);
    return layers.reduceRight((under, top) => over(top, under), base);
  };
  const light = ({ red, green, blue }) => {
    const [r, g, b] = [red, green, blue].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const faded = (node) => {
    for (let at = node; at; at = at.parentElement) if (Number(getComputedStyle(at).opacity) < 1) return true;
    return false;
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const node = walker.currentNode.parentElement;
    if (!text || !node.checkVisibility({ visibilityProperty: true }) || faded(node)) continue;
    if (!/[\\p{L}\\p{N}]/u.test(text)) continue;
    const style = getComputedStyle(node);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const shown = background(node);
    const value = ratio(over(parse(style.color), shown), shown);
    const where = node.className || node.tagName;
    found.push({ text: text.slice(0, 40), where, ratio: value, least: isLarge ? 3 : 4.5 });
  }
  return found;
}"""

_TOO_WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  const scrolls = (node) => {
    for (let at = node.parentElement; at; at = at.parentElement) {
      const flow = getComputedStyle(at).overflowX;
      if (at.id !== 'scroll' && (flow === 'auto' || flow === 'scroll')) return true;
    }
    return false;
  };
  return [...document.body.querySelectorAll('*')]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }))
    .filter((node) => node.getBoundingClientRect().right > wide + 0.5 && !scrolls(node))
    .map((node) => node.outerHTML.slice(0, 80));
}"""

_DOUBLED_IDS = """() => {
  const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);
  const missing = [];
  for (const name of ['aria-describedby', 'aria-labelledby', 'aria-controls', 'for']) {
    for (const node of document.querySelectorAll(`[${name}]`)) {
      for (const id of node.getAttribute(name).split(' ').filter(Boolean)) {
        if (!document.getElementById(id)) missing.push(`${name}=${id}`);
      }
    }
  }
  return [...ids.filter((id, at) => ids.indexOf(id) !== at), ...missing];
}"""

_CONTROLS = (
    "button",
    "checkbox",
    "combobox",
    "dialog",
    "img",
    "link",
    "listbox",
    "menu",
    "menuitem",
    "menuitemradio",
    "navigation",
    "option",
    "radio",
    "radiogroup",
    "searchbox",
    "spinbutton",
    "switch",
    "textbox",
)
_NAMELESS = re.compile(rf"^\s*- ({'|'.join(_CONTROLS)})(?! \")(?=[\s:\[]|$)")


@dataclass(frozen=True)
class Faint:
    """A text that stands out too little from what is behind it."""

    text: str
    where: str
    ratio: float


async def faint_texts(page: Page) -> list[Faint]:
    """Visible texts whose contrast is below WCAG 2.2 AA (1.4.3): 4.5, or 3 for large letters."""
    found = await page.evaluate(_CONTRASTS)
    assert found, "there is no text on the page"
    return [Faint(one["text"], one["where"], round(one["ratio"], 2)) for one in found if one["ratio"] < one["least"]]


async def nameless_controls(page: Page) -> list[str]:
    """Controls for which a screen reader has no name to say."""
    snapshot = await page.locator("body").aria_snapshot()
    assert "button" in snapshot
    return [line.strip() for line in snapshot.splitlines() if _NAMELESS.match(line)]


async def too_wide(page: Page) -> list[str]:
    """What reaches over the window's right edge, and is in nothing that scrolls by itself."""
    found: list[str] = await page.evaluate(_TOO_WIDE)
    return found


async def broken_references(page: Page) -> list[str]:
    """Ids that stand twice, and references to ids that stand nowhere."""
    found: list[str] = await page.evaluate(_DOUBLED_IDS)
    return found


async def heading_levels(page: Page) -> list[int]:
    """The levels of the headings that are shown, in their order."""
    found: list[int] = await page.eval_on_selector_all(
        "h1, h2, h3, h4", "(all) => all.filter((one) => one.checkVisibility()).map((one) => Number(one.tagName[1]))"
    )
    return found
