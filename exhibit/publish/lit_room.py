"""The light of an exhibition's room and a picture of it, before its site is planned: the heavy part of publishing."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

from exhibit.model.finding import Finding
from exhibit.pipeline.room import Standing
from exhibit.pipeline.room_view import Seen
from exhibit.pipeline.run import Task
from exhibit.pipeline.store import Store
from exhibit.pipeline.workload import Workload
from exhibit.publish.site import SiteInput, StoredFile
from exhibit.publish.template import read_site_template
from exhibit.publish.webxr.architecture import build_room
from exhibit.publish.webxr.printed import printed_sheets
from exhibit.publish.webxr.scene import facing_size, lay_out_relics
from exhibit.publish.webxr.viewpoint import stand
from exhibit.publish.webxr.wall_text import place_wall_text

MODEL = "thumb.glb"
STRAY_M = 0.03
"""How far places may lie from those that an earlier light was made for."""
TASK = "light of the room"
"""Under this name the light's progress is told."""


def light_room(site: SiteInput, store: Store, workload: Workload = Workload(), *, is_draft: bool = False) -> SiteInput:
    """Return the site with its room lit and seen from the entrance; what was made before is taken from the store.

    Parameters
    ----------
    store : where results are kept.
    workload : who listens to the progress, who may stop it.
    is_draft : coarser, in a third of the time: while relics are still being made.

    The light runs in a process of its own. Where it fails, the room keeps its plain even light, with the finding
    ``room.unlit``. A picture is taken only where every relic that is made has its coarse model on disk: it shows none
    without.
    """
    template = site.template or read_site_template()
    style = template.rooms.get(site.exhibition.room)
    if style is None:
        return site  # the plan says so
    hall = lay_out_relics(site.exhibition, site.relics, style)
    room = build_room(hall, style, tuple(map(facing_size, site.relics)))
    standing, faces_deg = [], []
    for relic, spot in zip(site.relics, hall.spots, strict=True):
        model = relic.stored.get(MODEL)
        if isinstance(model, StoredFile):
            turn_deg = spot.yaw_deg - relic.record.front_deg
            standing.append(Standing(Path(model.path), model.sha256, spot.position, turn_deg))
            faces_deg.append(spot.yaw_deg)
    is_whole = len(standing) == sum(not relic.is_pending for relic in site.relics)
    seen = None
    if is_whole:
        wall = place_wall_text(hall, tuple(map(facing_size, site.relics)))
        languages = site.languages or site.exhibition.languages
        fonts = dict(template.fonts)
        sheets = printed_sheets(site.exhibition, site.relics, languages, hall, style.look, wall, fonts)
        seen = Seen(stand(hall), tuple(faces_deg), sheets)
    args = (room, tuple(standing), seen, store, is_draft)
    lit = workload.run([Task(TASK, "exhibit.pipeline.room_view:make_room_and_view", args)])[0]
    if lit.error is not None:
        hint = f"The room stands in a plain even light, because its own could not be worked out: {lit.error}"
        return replace(site, template=template, findings=(Finding("room.unlit", hint=hint, severity="warning"),))
    made, view = lit.value
    return replace(site, template=template, room=made, view=view)


def in_light_of(site: SiteInput, before: SiteInput) -> SiteInput | None:
    """Return the site in the light that an earlier state of it has; None where its relics stand elsewhere by now.

    What came since casts no shadow yet, but is seen seconds earlier.
    """
    style = (site.template or read_site_template()).rooms.get(site.exhibition.room)
    if style is None or before.room is None:
        return None
    spots, old = (lay_out_relics(one.exhibition, one.relics, style).spots for one in (site, before))
    if len(spots) != len(old):
        return None
    strays = (math.dist(spot.position, other.position) for spot, other in zip(spots, old, strict=True))
    if max(strays, default=0.0) > STRAY_M:
        return None
    return replace(site, template=before.template, room=before.room, view=before.view)
