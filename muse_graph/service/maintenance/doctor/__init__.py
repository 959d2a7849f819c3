"""The graph examined: every rule checked, what is derived recomputed from the facts, repaired on demand."""

from __future__ import annotations

from muse_graph.core.discovery.twenty_percent_rule import DEFAULT_THETA
from muse_graph.graph.connection import Graph
from muse_graph.service.listens.refresh import unfinished
from muse_graph.service.maintenance.doctor.derived_checks import examine_derived
from muse_graph.service.maintenance.doctor.fact_checks import examine_facts
from muse_graph.service.maintenance.doctor.findings import RULES, Finding, finding
from muse_graph.service.maintenance.doctor.unreadable import find_unreadable
from muse_graph.service.pagination import Advance
from muse_graph.service.privacy.erasure import finish_erasures, unfinished_erasures

__all__ = ["RULES", "Finding", "examine"]


def examine(
    graph: Graph,
    *,
    repair: bool = False,
    theta: float = DEFAULT_THETA,
    advance: Advance = lambda _check, _seen: None,
) -> list[Finding]:
    """Return what is wrong with the graph, nothing for one that is right.

    Args:
        repair: put right what follows from the facts, while listens may go on coming in; facts that are
            missing or wrong are reported and left alone, nothing is derived from them, and all else is
        theta: share of the favourite genre at which a genre rests
        advance: called with the name of a check and how many more things it has seen
    """
    erasures = unfinished_erasures(graph)
    if repair:
        finish_erasures(graph)
    loads = unfinished(graph)
    findings = [*examine_facts(graph, repair=repair, advance=advance)]
    if erasures:
        findings.insert(0, finding("unfinished erasure", len(erasures), erasures[0], repaired=repair))
    left_out = find_unreadable(graph, findings)
    # All that the end of a load refreshes is right once everything has been looked at and repaired.
    ended = repair and not left_out.facts
    if loads:
        findings.insert(0, finding("unfinished load", len(loads), ", ".join(loads.values()), repaired=ended))
    findings += left_out.finding()
    findings += examine_derived(graph, left_out, repair=repair, theta=theta, advance=advance)
    if loads and ended:
        # Those that have begun since go on.
        graph.write("finish_imports", runs=[*loads])
    return findings
