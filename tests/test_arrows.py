from __future__ import annotations

import pytest

from dedup.boilerplate.arrows import leads_back, leads_on
from dedup.engines.line_rules import LineRules
from dedup.engines.verdict import judge
from dedup.model import Document
from dedup.settings import CleanSettings

OTHER = "Shopkeepers on the island welcomed the news, for they have lost a third of their guests since the old ferry burned."
TEXT = "The ferry between Port Aldis and Marlow Island will run again from the first week of spring, the board said on Monday."


@pytest.mark.parametrize(
    "line",
    [
        "← A new lamp for the northern pier",
        "« Wheat, and what the wind did to it",
        "‹ Zurück",
        "« A new lamp for the northern pier | Main | What the tide left »",
        "« Une lampe neuve | Accueil | Ce que la marée laisse »",
    ],
)
def test_a_line_that_begins_with_an_arrow_leads_back(line: str) -> None:
    assert leads_back(line, len(line.split()))


@pytest.mark.parametrize(
    "line",
    [
        "« Je ne savais rien », dit le pêcheur",
        "« Je ne savais rien de tout cela.",
        "« Ô ma barque,",
        "»Ich wusste von nichts«, sagte der Fischer",
        "“The lamp went out | the boat went down”",
        "",
        "← " + "word " * 40,
    ],
)
def test_a_quotation_leads_nowhere(line: str) -> None:
    assert not leads_back(line, len(line.split()))


@pytest.mark.parametrize(
    "line",
    [
        "See all stories →",
        "More on the harbour »",
        "Más en Opinión ›",
        "Tous les produits ►",
        "Read on-line>>",
        "もっと見る »",
    ],
)
def test_a_line_that_ends_in_an_arrow_leads_on(line: str) -> None:
    assert leads_on(line, len(line.split()))


@pytest.mark.parametrize(
    "line",
    [
        "Il dit : « Je ne savais rien »",
        "et je ne savais rien de tout cela. »",
        "»Hej», sade hon, »och välkommen»",
        "FromIterator<Result<A, E>>",
        ">>> stmt >>",
        "The distance is 5 >",
        "The board met on Monday. Read more »",
        "",
        "word " * 30 + "»",
    ],
)
def test_what_is_no_arrow_leads_nowhere(line: str) -> None:
    assert not leads_on(line, len(line.split()))


def test_lines_with_arrows_are_known_by_their_shape() -> None:
    rules = LineRules()
    for line, rule in (("← A new lamp for the pier", "pager"), ("All of our stories &raquo;", "related.link")):
        match = rules.match(line)
        assert match is not None
        assert (match.rule, match.shape) == (rule, "arrow")


def test_links_around_an_article_go_and_the_steps_of_a_process_stay() -> None:
    steps = "Search for the tables of the tide →\nGather them by harbour and day →\nSort what is left by its height →\nPrint it"
    text = f"« The old lamp | Main | The new pier »\n{TEXT}\n{steps}\n{OTHER}\nAll about the ferry »\n"
    found = judge(Document("a", text), CleanSettings(), {})
    cut = [text[c.start : c.end].strip() for c in found.cuts]
    assert cut == ["« The old lamp | Main | The new pier »", "All about the ferry »"]
