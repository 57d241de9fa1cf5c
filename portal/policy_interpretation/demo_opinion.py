"""What the demo city's public talks about, and how it is answered (``demo/opinion.yaml``)."""

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.html import format_html

from .demo_values import moment
from .models import (
    ChannelPush,
    HotQuestion,
    OpinionTopic,
    ResponseDocument,
    ResponseTopicPage,
    RumourRefutationPage,
)
from .services import opinion

type Row = Mapping[str, Any]

FILE = Path(__file__).parent / "demo" / "opinion.yaml"


def load(demo: Any, *, by: Any) -> None:
    """Make what is not there yet, in the portal's name.

    Args:
        by: an account that may do all of it.
    """
    told = demo.read_yaml(FILE)
    site = demo.records[demo.sites[0]["code"]]
    if OpinionTopic.objects.filter(site=site).exists():
        return  # of this city or somebody's own: left as it is
    for row in told["topics"]:
        _topic(row, site, demo, by)
    for row in told["questions"]:
        HotQuestion.objects.create(site=site, **row)
    for row in told["pushes"]:
        values = {**row, "page": demo.pages[row["page"]], "pushed_at": moment(row["pushed_at"])}
        ChannelPush.objects.create(site=site, **values)


def _topic(row: Row, site: Any, demo: Any, by: Any) -> None:
    topic = OpinionTopic.objects.create(
        site=site,
        title=row["title"],
        grade=row["grade"],
        raised_at=_raised(row),
        unit=demo.unit(row["unit"]),
        summary=row["summary"],
    )
    for question in row.get("questions") or ():
        HotQuestion.objects.create(site=site, topic=topic, **question)
    if row.get("approved_by"):
        topic = opinion.approve(topic=topic, name=row["approved_by"], by=by)
    if row.get("responding"):
        topic = opinion.respond(topic=topic, by=by)
    for asked in row.get("invitations") or ():
        opinion.invite(topic=topic, unit=demo.unit(asked["unit"]), request=asked["request"], by=by)
    response = _response(row["response"], topic, demo) if row.get("response") else None
    if row.get("refutation"):
        _refutation(row["refutation"], response, demo)
    if row.get("conclusion"):
        opinion.close(topic=topic, conclusion=row["conclusion"], by=by)


def _response(row: Row, topic: OpinionTopic, demo: Any) -> Any:
    page = _draft(
        row, ResponseTopicPage, demo, topic=topic, attitude=row["attitude"], is_closed=True
    )
    page.entries = page.entries.stream_block.normalize(
        [
            (
                "entry",
                {
                    "time": moment(entry["time"]),
                    "title": entry["title"],
                    "text": format_html("<p>{}</p>", entry["text"]),
                },
            )
            for entry in row["entries"]
        ]
    )
    page.documents = [
        ResponseDocument(sort_order=order, document=demo.pages[key])
        for order, key in enumerate(row.get("documents") or ())
    ]
    page.save_revision().publish()
    return page


def _refutation(row: Row, response: Any, demo: Any) -> None:
    page = _draft(
        row,
        RumourRefutationPage,
        demo,
        response=response,
        claim=row["claim"],
        verdict=row["verdict"],
        evidence=row["evidence"].strip(),
    )
    page.save_revision().publish()


def _draft(row: Row, model: Any, demo: Any, **fields: Any) -> Any:
    date = moment(row["date"])
    page = demo.add(
        demo.pages[row["column"]],
        model,
        row["key"],
        row["title"],
        {
            "source": row["source"],
            "date": date,
            "summary": row["summary"],
            "search_description": row["summary"],
            **fields,
        },
        publish=False,
        date=date,
    )
    page.body = page.body.stream_block.normalize(demo.blocks(row["body"]))
    return page


def _raised(row: Row) -> datetime.datetime:
    """A day of the demo, or so many minutes before it is loaded: what is being answered now."""
    if "minutes_ago" in row:
        return timezone.now() - datetime.timedelta(minutes=row["minutes_ago"])
    return moment(row["raised_at"])
