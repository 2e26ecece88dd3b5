"""Published figures equal a recomputation from the vendors' answers.

Shares no code with connectors or models: other endpoints, other paging, plain Python.
"""

from __future__ import annotations

import base64
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from statistics import fmean, median

import httpx
import pytest


@pytest.fixture(scope="module")
def zendesk(vendors):
    environment = vendors.environment
    login = (
        f"{environment['SOURCES__ZENDESK__EMAIL']}/token:"
        f"{environment['SOURCES__ZENDESK__API_TOKEN']}"
    )
    basic = base64.b64encode(login.encode()).decode()
    with httpx.Client(
        base_url=environment["SOURCES__ZENDESK__BASE_URL"],
        headers={"Authorization": f"Basic {basic}"},
    ) as client:
        yield client


@pytest.fixture(scope="module")
def typeform(vendors):
    token = vendors.environment["SOURCES__TYPEFORM__TOKEN"]
    with httpx.Client(
        base_url=vendors.environment["SOURCES__TYPEFORM__BASE_URL"],
        headers={"Authorization": f"Bearer {token}"},
    ) as client:
        yield client


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _by_time(client: httpx.Client, path: str, key: str, **params) -> dict[int, dict]:
    """All records of a time-based export, the last version of each id."""
    records, start = {}, 0
    while True:
        answer = client.get(path, params={"start_time": start, **params}).json()
        records.update({record["id"]: record for record in answer[key]})
        if answer["end_of_stream"]:
            return records
        start = answer["end_time"]


def _tickets(client: httpx.Client) -> dict[int, dict]:
    return {
        number: ticket
        for number, ticket in _by_time(
            client,
            "/api/v2/incremental/tickets.json",
            "tickets",
            support_type_scope="all",
        ).items()
        if ticket["status"] != "deleted"
        and not {"closed_by_merge", "test", "spam"} & set(ticket["tags"])
    }


def _first_replies(client: httpx.Client, as_of: datetime):
    """Creation and, where there is one, first reply of tickets that are no calls."""
    users = _by_time(client, "/api/v2/incremental/users.json", "users")
    agents = {
        number
        for number, user in users.items()
        if user["role"] in ("agent", "admin") and "bot" not in user["tags"]
    }
    events = _by_time(
        client,
        "/api/v2/incremental/ticket_events.json",
        "ticket_events",
        include="comment_events",
        support_type_scope="all",
    )
    by_ticket = defaultdict(list)
    for event in events.values():
        by_ticket[event["ticket_id"]].append(event)
    for number, ticket in _tickets(client).items():
        if number not in by_ticket or ticket["via"]["channel"] == "voice":
            continue
        replies = [
            _at(event["created_at"])
            for event in by_ticket[number]
            if all(child["event_type"] != "Create" for child in event["child_events"])
            for child in event["child_events"]
            if child["event_type"] == "Comment"
            and child["public"]
            and child["author_id"] in agents - {ticket["requester_id"]}
            and _at(event["created_at"]) <= as_of
        ]
        is_open = ticket["status"] in ("new", "open", "pending", "hold")
        yield _at(ticket["created_at"]), min(replies, default=None), is_open


def _median_waiting_counted(done: list[float], waiting: list[float]) -> float | None:
    """Kaplan-Meier median from its definition: the share that still waits, step by
    step."""
    share, plateau = 1.0, None
    for moment in sorted(set(done)):
        at_risk = sum(t >= moment for t in done + waiting)
        share *= 1 - done.count(moment) / at_risk
        if plateau is not None:
            return (plateau + moment) / 2
        if abs(share - 0.5) < 1e-9:
            plateau = moment
        elif share < 0.5:
            return moment
    return plateau


def _published(warehouse, metric: str, mode: str, period_type: str) -> dict:
    rows = warehouse.rows(
        "SELECT period_start, n, value, n_open FROM marts.metrics_periodic "
        f"WHERE metric = '{metric}' AND mode = '{mode}' "
        f"AND period_type = '{period_type}' AND dimension_1 IS NULL"
    )
    assert rows, f"{metric} has no rows"
    return {start: (n, value, n_open) for start, n, value, n_open in rows}


@pytest.fixture(scope="module")
def as_of(warehouse) -> datetime:
    value = warehouse.rows("SELECT as_of FROM meta.releases ORDER BY release_id")
    return value[-1][0].replace(tzinfo=UTC)


def test_median_first_reply_by_month_equals_the_vendors_answers(
    warehouse, zendesk, as_of
):
    done, waiting = defaultdict(list), defaultdict(list)
    for created_at, replied_at, is_open in _first_replies(zendesk, as_of):
        month = created_at.date().replace(day=1)
        if replied_at is not None:
            done[month].append((replied_at - created_at).total_seconds())
        elif is_open:
            waiting[month].append((as_of - created_at).total_seconds())
    published = _published(warehouse, "first_reply_time", "calendar", "month")
    assert set(published) == set(done) | set(waiting)
    for month, (n, value, n_open) in published.items():
        assert (n, n_open) == (len(done[month]), len(waiting[month]))
        expected = _median_waiting_counted(done[month], waiting[month])
        assert (value is None) == (expected is None)
        assert value is None or value * 60 == pytest.approx(expected)
        if not waiting[month]:
            assert value * 60 == pytest.approx(median(done[month]))


def test_csat_by_month_equals_the_vendors_answers(warehouse, zendesk, typeform, as_of):
    satisfied, answered = defaultdict(int), defaultdict(int)
    kept = _tickets(zendesk)
    last = {}
    page = 1
    while True:  # the legacy offset paging
        answer = zendesk.get(
            "/api/v2/satisfaction_ratings.json", params={"page": page, "per_page": 100}
        ).json()
        for rating in answer["satisfaction_ratings"]:
            good, bad = (rating["score"].startswith(s) for s in ("good", "bad"))
            order = (_at(rating["updated_at"]), rating["id"])
            if (good or bad) and rating["ticket_id"] in kept and order[0] <= as_of:
                candidate = (order, int(good))
                earlier = last.get(rating["ticket_id"], candidate)
                last[rating["ticket_id"]] = max(earlier, candidate)
        if answer["next_page"] is None:
            break
        page += 1
    for (moment, _), good in last.values():
        month = moment.date().replace(day=1)
        answered[month] += 1
        satisfied[month] += good
    for moment, score in _survey_csat(zendesk, typeform, as_of):
        month = moment.date().replace(day=1)
        answered[month] += 1
        satisfied[month] += score >= 4
    published = _published(warehouse, "csat", "all_rated", "month")
    assert set(published) == set(answered)
    for month, (n, value, _) in published.items():
        assert n == answered[month]
        assert value == pytest.approx(satisfied[month] / answered[month])


def _survey_csat(zendesk, typeform, as_of):
    """The last score 1 to 5 per ticket; tickets marked as test do not count."""
    all_tickets = _by_time(
        zendesk,
        "/api/v2/incremental/tickets.json",
        "tickets",
        support_type_scope="all",
    )
    last = {}
    for response in _responses(typeform):
        score = _answer(response, "csat_score")
        moment = _at(response["submitted_at"])
        ticket = (response.get("hidden") or {}).get("ticket_id")
        known = all_tickets.get(int(ticket)) if ticket else None
        if score is None or moment > as_of or (known and "test" in known["tags"]):
            continue
        about = ("ticket", ticket) if known else ("response", response["response_id"])
        candidate = (moment, response["response_id"], score)
        last[about] = max(last.get(about, candidate), candidate)
    return [(moment, score) for moment, _, score in last.values()]


def _responses(typeform) -> list[dict]:
    """All completed responses of all forms, oldest first, by the `after` token."""
    found = []
    for form in typeform.get("/forms", params={"page_size": 200}).json()["items"]:
        after = None
        while True:
            params = {"page_size": 1000, "response_type": "completed"}
            params |= {"after": after} if after else {"sort": "submitted_at,asc"}
            items = typeform.get(
                f"/forms/{form['id']}/responses", params=params
            ).json()["items"]
            if not items:
                break
            found += items
            after = items[-1]["token"]
    return found


def _answer(response: dict, ref: str) -> float | None:
    for answer in response.get("answers") or []:
        if answer["field"]["ref"] == ref:
            return answer["number"]
    return None


def test_nps_by_quarter_equals_the_vendors_answers(warehouse, typeform, as_of):
    everything = defaultdict(list)
    last = defaultdict(dict)
    for response in _responses(typeform):
        score = _answer(response, "nps_score")
        moment = _at(response["submitted_at"])
        if score is None or moment > as_of:
            continue
        quarter = date(moment.year, 3 * ((moment.month - 1) // 3) + 1, 1)
        everything[quarter].append(score)
        email = (response.get("hidden") or {}).get("email")
        person = _person(email) or response["response_id"]
        candidate = (moment, response["response_id"], score)
        earlier = last[quarter].get(person, candidate)
        last[quarter][person] = max(earlier, candidate)
    latest = {q: [score for _, _, score in p.values()] for q, p in last.items()}
    for mode, scores in (("relationship", latest), ("transactional", everything)):
        published = _published(warehouse, "nps", mode, "quarter")
        assert set(published) == set(scores)
        for quarter, (n, value, _) in published.items():
            promoters = sum(score >= 9 for score in scores[quarter])
            detractors = sum(score <= 6 for score in scores[quarter])
            assert n == len(scores[quarter])
            assert value == pytest.approx(100 * (promoters - detractors) / n)


def _person(email: str | None) -> str | None:
    """The address as a person would compare it; none for a role's mailbox."""
    if not email or "@" not in email:
        return None
    local, _, domain = email.strip().lower().partition("@")
    local = local.partition("+")[0]
    if local in {"info", "support", "office", "billing", "service"}:
        return None
    if domain in {"gmail.com", "googlemail.com"}:
        return local.replace(".", "") + "@gmail.com"
    return f"{local}@{domain}"


@pytest.fixture(scope="module")
def crm(vendors):
    token = vendors.environment["SOURCES__HUBSPOT__ACCESS_TOKEN"]
    with httpx.Client(
        base_url=vendors.environment["SOURCES__HUBSPOT__BASE_URL"],
        headers={"Authorization": f"Bearer {token}"},
    ) as client:
        yield client


def _listed(client: httpx.Client, path: str, **params) -> list[dict]:
    """All records of a list that are not archived."""
    found, after = [], {}
    while after is not None:
        answer = client.get(path, params={"limit": 50, **params, **after}).json()
        found += answer["results"]
        following = answer.get("paging", {}).get("next")
        after = following and {"after": following["after"]}
    return found


def test_win_rate_by_quarter_and_amount_won_equal_the_vendors_answers(
    warehouse, crm, as_of
):
    won, closed = defaultdict(int), defaultdict(int)
    amounts = defaultdict(Decimal)
    wanted = "closedate,hs_is_closed,hs_is_closed_won,amount,deal_currency_code"
    for deal in _listed(crm, "/crm/v3/objects/deals", properties=wanted):
        told = deal["properties"]
        if told["hs_is_closed"] != "true" or _at(told["closedate"]) > as_of:
            continue
        moment = _at(told["closedate"])
        quarter = date(moment.year, 3 * ((moment.month - 1) // 3) + 1, 1)
        closed[quarter] += 1
        if told["hs_is_closed_won"] == "true":
            won[quarter] += 1
            amounts[told["deal_currency_code"]] += Decimal(told["amount"] or 0)
    published = _published(warehouse, "win_rate", "by_count", "quarter")
    assert {quarter: n for quarter, (n, _, _) in published.items()} == closed
    for quarter, (n, value, _) in published.items():
        assert value == pytest.approx(won[quarter] / n)
    stored = warehouse.rows(
        "SELECT currency, sum(amount) FROM marts.fct_deals"
        f" WHERE is_won AND NOT is_deleted AND closed_at <= '{as_of:%F %T}'"
        " GROUP BY currency"
    )
    assert dict(stored) == amounts


def test_reviews_by_quarter_equal_the_vendors_answers(warehouse, vendors, as_of):
    stars, replied = defaultdict(list), defaultdict(int)
    for review in _reviews(vendors.environment):
        moment = _at(review["createdAt"])
        if moment > as_of or review["status"] != "active":
            continue
        quarter = date(moment.year, 3 * ((moment.month - 1) // 3) + 1, 1)
        stars[quarter].append(review["stars"])
        reply = review["companyReply"]
        replied[quarter] += bool(reply and _at(reply["createdAt"]) <= as_of)
    ratings = _published(warehouse, "review_rating", "with_text", "quarter")
    rates = _published(warehouse, "review_reply_rate", "standard", "quarter")
    assert set(ratings) == set(rates) == set(stars)
    for quarter, given in stars.items():
        assert ratings[quarter][:2] == (len(given), pytest.approx(fmean(given)))
        assert rates[quarter][:2] == (
            len(given),
            pytest.approx(replied[quarter] / len(given)),
        )


def _reviews(environment: dict[str, str]) -> list[dict]:
    """All public reviews, by the page token."""
    found, token = [], {}
    with httpx.Client(
        base_url=environment["SOURCES__TRUSTPILOT__BASE_URL"],
        headers={"apikey": environment["SOURCES__TRUSTPILOT__API_KEY"]},
    ) as client:
        unit = client.get(
            "/v1/business-units/find",
            params={"name": environment["SOURCES__TRUSTPILOT__BUSINESS_UNIT"]},
        ).json()["id"]
        while token is not None:
            answer = client.get(
                f"/v1/business-units/{unit}/all-reviews", params={"perPage": 5, **token}
            ).json()
            found += answer["reviews"]
            following = answer.get("nextPageToken")
            token = {"pageToken": following} if following else None
    return found
