"""The canonical entities: what a file may bring, column by column.

Holds all entities with their columns, types, units and which may be missing. Does not
hold what an entity or a column is (entities.py).
Tests: tests/ingestion/files/test_canonical.py
"""

from __future__ import annotations

from ingestion.files.entities import Column, Entity, Kind


def _id(
    name: str, description: str, example: str = "", *, must: bool = False
) -> Column:
    return Column(name, Kind.ID, must, description, example=example)


def _text(name: str, description: str, example: str = "") -> Column:
    return Column(name, Kind.TEXT, False, description, example=example)


def _code(
    name: str,
    description: str,
    *values: str,
    must: bool = False,
    example: str = "",
) -> Column:
    shown = example or (values[0] if values else "")
    return Column(name, Kind.CODE, must, description, values, shown)


def _list(name: str, description: str, example: str = "") -> Column:
    return Column(name, Kind.LIST, False, description, example=example)


def _whole(name: str, description: str, example: str, *, must: bool = False) -> Column:
    return Column(name, Kind.INTEGER, must, description, example=example)


def _decimal(
    name: str, description: str, example: str, *, must: bool = False
) -> Column:
    return Column(name, Kind.DECIMAL, must, description, example=example)


def _flag(name: str, description: str) -> Column:
    return Column(name, Kind.BOOLEAN, False, description, example="false")


def _at(name: str, description: str, *, must: bool = False) -> Column:
    return Column(name, Kind.INSTANT, must, description, example="2026-01-31T09:30:00Z")


def _date(name: str, description: str, *, must: bool = False) -> Column:
    return Column(name, Kind.DATE, must, description, example="1980-04-30")


_UPDATED = _at("updated_at", "Last change; orders the versions of a record.")
_DELETED = _flag("is_deleted", "The record is gone at its source.")
_TEST = _flag("is_test", "The record is no customer's: a test, or spam.")
_MERGED = _id("merged_into_id", "The record that this one was merged into.")
_URL = _text("url", "Where the record can be seen.", "https://shop.example/orders/17")
_CUSTOMER = _id("customer_id", "The customer, as in customers.", "C-17")
_EMAIL = _text("email", "The customer's address, where no id is known.", "a@b.example")
_CURRENCY = _code("currency", "ISO 4217; the home currency where empty.", example="EUR")


ENTITIES: dict[str, Entity] = {
    entity.name: entity
    for entity in (
        Entity(
            "customers",
            "One person as one system knows them.",
            (
                _id("customer_id", "Its id at the source.", "C-17", must=True),
                _text("name", "The whole name, where it is not in parts.", "Ada Byron"),
                _text("given_name", "Given name.", "Ada"),
                _text("family_name", "Family name.", "Byron"),
                _text("email", "Main address.", "ada@byron.example"),
                _list("other_emails", "Further addresses."),
                _text("phone", "Main telephone number.", "+44 20 7946 0018"),
                _list("other_phones", "Further telephone numbers."),
                _date("date_of_birth", "Date of birth."),
                _text("national_id", "Number of an identity document."),
                _text("street", "Street with house number.", "12 St James's Sq"),
                _text("postal_code", "Postal code.", "SW1Y 4JH"),
                _text("city", "Town.", "London"),
                _text("region", "State or county."),
                _code("country", "ISO 3166-1 alpha-2.", example="GB"),
                _text("company", "Name of the company."),
                _id("account_id", "The company, as in accounts.", "A-3"),
                _list("external_ids", "The person's ids in other systems."),
                _code("language", "ISO 639-1.", example="en"),
                _code("lifecycle_stage", "Stage in the sales process."),
                _id("owner_id", "Who looks after the person, as in agents."),
                _flag("has_consent", "May be contacted for marketing."),
                _MERGED,
                _at("created_at", "When the record was made."),
                _UPDATED,
                _DELETED,
            ),
            key=("customer_id",),
            cursor=("updated_at", "created_at"),
        ),
        Entity(
            "accounts",
            "One company.",
            (
                _id("account_id", "Its id at the source.", "A-3", must=True),
                _text("name", "Name of the company.", "Byron Ltd"),
                _text("domain", "Main internet domain.", "byron.example"),
                _list("other_domains", "Further domains."),
                _text("industry", "Industry."),
                _code("country", "ISO 3166-1 alpha-2.", example="GB"),
                _code("lifecycle_stage", "Stage in the sales process."),
                _id("owner_id", "Who looks after it, as in agents."),
                _MERGED,
                _URL,
                _at("created_at", "When the record was made."),
                _UPDATED,
                _DELETED,
            ),
            key=("account_id",),
            cursor=("updated_at", "created_at"),
        ),
        Entity(
            "agents",
            "One person, or bot, who serves customers or owns sales.",
            (
                _id("agent_id", "Its id at the source.", "7", must=True),
                _text("name", "Name.", "Grace Hopper"),
                _text("email", "Address.", "grace@shop.example"),
                _code("role", "What it is.", "agent", "admin", "bot", "owner"),
                _id("group_id", "The team, by id or name.", "Support"),
                _flag("is_active", "Still at work."),
                _at("created_at", "When the record was made."),
                _UPDATED,
                _DELETED,
            ),
            key=("agent_id",),
            cursor=("updated_at", "created_at"),
        ),
        Entity(
            "tickets",
            "One request of a customer.",
            (
                _id("ticket_id", "Its id at the source.", "1001", must=True),
                _id("requester_id", "Who asks, as in customers.", "C-17"),
                _id("submitter_id", "Who wrote it down, customer or agent."),
                _id("assignee_id", "Who has it now, as in agents.", "7"),
                _id("group_id", "The team that has it, by id or name.", "Support"),
                _id("account_id", "The company, as in accounts."),
                _text("brand", "Brand."),
                _code(
                    "channel",
                    "How it came: email, web, chat, voice, ...",
                    example="email",
                ),
                _code("type", "question, incident, problem, task or your own."),
                _text("subject", "Subject."),
                _code(
                    "priority",
                    "low, normal, high, urgent or your own.",
                    example="normal",
                ),
                _code(
                    "status",
                    "As it is now.",
                    "new",
                    "open",
                    "pending",
                    "hold",
                    "solved",
                    "closed",
                    "deleted",
                    must=True,
                    example="solved",
                ),
                _list("tags", "Labels."),
                _id("schedule_id", "Business hours that hold, as in schedules."),
                _MERGED,
                _URL,
                _at("created_at", "When it was opened.", must=True),
                _UPDATED,
                _DELETED,
                _TEST,
            ),
            key=("ticket_id",),
            cursor=("updated_at", "created_at"),
        ),
        Entity(
            "ticket_events",
            "One change of a ticket's status, assignee, group, priority or schedule.",
            (
                _id("event_id", "Its id; else ticket, time, kind and value name it."),
                _id("ticket_id", "The ticket.", "1001", must=True),
                _code(
                    "kind",
                    "What changed.",
                    "status",
                    "assignee",
                    "group",
                    "priority",
                    "schedule",
                    must=True,
                ),
                _text("value", "What it changed to; ids as in agents, groups.", "open"),
                _text("previous_value", "What it was before.", "new"),
                _id("actor_id", "Who changed it."),
                _whole("position", "Order of events of one instant.", "1"),
                _at("occurred_at", "When.", must=True),
                _DELETED,
            ),
            key=("event_id", "ticket_id", "occurred_at", "kind", "value"),
            cursor=("occurred_at",),
        ),
        Entity(
            "ticket_comments",
            "One message of a ticket.",
            (
                _id("comment_id", "Its id at the source.", "5001", must=True),
                _id("ticket_id", "The ticket.", "1001", must=True),
                _id("author_id", "Who wrote it, customer or agent.", "7"),
                _code(
                    "author_role",
                    "Who wrote it; else found by author_id.",
                    "customer",
                    "agent",
                    "bot",
                    "system",
                    example="agent",
                ),
                _flag("is_public", "The customer can read it; yes where empty."),
                _flag("is_opening", "The message that opened the ticket."),
                _text("body", "What it says.", "We are on it."),
                _whole("position", "Order of messages of one instant.", "1"),
                _at("occurred_at", "When it was written.", must=True),
                _DELETED,
            ),
            key=("comment_id",),
            cursor=("occurred_at",),
        ),
        Entity(
            "schedules",
            "One stretch of a week in which a team is at work.",
            (
                _id("schedule_id", "Which schedule.", "office", must=True),
                _text("name", "Its name.", "Office hours"),
                _text("time_zone", "IANA name of its time zone.", "Europe/Berlin"),
                _whole("weekday", "1 is Monday, 7 is Sunday.", "1", must=True),
                Column(
                    "opens_at", Kind.CODE, True, "Time of day, HH:MM.", example="09:00"
                ),
                Column(
                    "closes_at",
                    Kind.CODE,
                    True,
                    "Time of day, HH:MM; 24:00 is midnight.",
                    example="17:30",
                ),
                _UPDATED,
                _DELETED,
            ),
            key=("schedule_id", "weekday", "opens_at"),
            cursor=("updated_at",),
        ),
        Entity(
            "holidays",
            "One holiday of a schedule.",
            (
                _id("schedule_id", "Which schedule.", "office", must=True),
                _text("name", "Its name.", "New Year"),
                _date("starts_on", "First day.", must=True),
                _date("ends_on", "Last day; the first one where empty."),
                _UPDATED,
                _DELETED,
            ),
            key=("schedule_id", "starts_on"),
            cursor=("updated_at",),
        ),
        Entity(
            "sla_policies",
            "One promise: a metric's target for a priority.",
            (
                _id("policy_id", "Which policy.", "gold", must=True),
                _text("name", "Its name.", "Gold"),
                _code("priority", "Priority that it is for; any where empty."),
                _code(
                    "metric",
                    "What is promised.",
                    "first_reply_time",
                    "next_reply_time",
                    "periodic_update_time",
                    "requester_wait_time",
                    "agent_work_time",
                    "pausable_update_time",
                    "total_resolution_time",
                    must=True,
                ),
                _whole("target_minutes", "Minutes.", "240", must=True),
                _flag("is_business_time", "Minutes of business hours."),
                _whole("position", "The first policy that fits counts.", "1"),
                _UPDATED,
                _DELETED,
            ),
            key=("policy_id", "metric", "priority"),
            cursor=("updated_at",),
        ),
        Entity(
            "calls",
            "One telephone call.",
            (
                _id("call_id", "Its id at the source.", "9001", must=True),
                _id("ticket_id", "The ticket about it."),
                _CUSTOMER,
                _text("phone", "The customer's number.", "+44 20 7946 0018"),
                _id("agent_id", "Who took it, as in agents.", "7"),
                _code("direction", "Who called.", "inbound", "outbound"),
                _text("line", "The number or queue called.", "Support"),
                _code(
                    "status",
                    "How it ended.",
                    "completed",
                    "abandoned",
                    "voicemail",
                    "missed",
                ),
                _whole("wait_seconds", "In the queue, seconds.", "35"),
                _whole("ivr_seconds", "In the menu, seconds.", "12"),
                _whole("talk_seconds", "Talking, seconds.", "240"),
                _whole("hold_seconds", "On hold, seconds.", "20"),
                _whole("wrap_up_seconds", "Work after the call, seconds.", "60"),
                _at("started_at", "When it began.", must=True),
                _at("ended_at", "When it ended."),
                _UPDATED,
                _DELETED,
            ),
            key=("call_id",),
            cursor=("updated_at", "started_at"),
        ),
        Entity(
            "call_legs",
            "One party's part in a call.",
            (
                _id("leg_id", "Its id at the source.", "9101", must=True),
                _id("call_id", "The call.", "9001", must=True),
                _id("agent_id", "The agent, for an agent's leg.", "7"),
                _code(
                    "kind",
                    "Whose part.",
                    "customer",
                    "agent",
                    "external",
                    example="agent",
                ),
                _code("status", "How it ended."),
                _whole("talk_seconds", "Talking, seconds.", "240"),
                _whole("hold_seconds", "On hold, seconds.", "20"),
                _whole("wrap_up_seconds", "Work after the call, seconds.", "60"),
                _at("started_at", "When it began."),
                _UPDATED,
                _DELETED,
            ),
            key=("leg_id",),
            cursor=("updated_at", "started_at"),
        ),
        Entity(
            "survey_answers",
            "One answer to one question.",
            (
                _id(
                    "response_id", "The response that it is part of.", "R-1", must=True
                ),
                _id("question_id", "The question; may be left out for one.", "nps"),
                _id("survey_id", "The survey.", "spring", must=True),
                _text("survey_name", "Its name.", "Spring survey"),
                _code(
                    "survey_type",
                    "What is measured.",
                    "NPS",
                    "CSAT",
                    "CES",
                    "custom",
                    must=True,
                ),
                _code(
                    "program",
                    "Why it was asked; relational where empty.",
                    "relational",
                    "transactional",
                    "research",
                ),
                _decimal("score", "The answer on its scale.", "9"),
                _whole("scale_min", "Worst value; 0 for NPS, else 1 where empty.", "0"),
                _whole("scale_max", "Best value; 10, 5 or 7 where empty.", "10"),
                _flag("is_reversed", "Low is good."),
                _text("answer_text", "The answer in words.", "Quick and kind."),
                _CUSTOMER,
                _EMAIL,
                _id("ticket_id", "The ticket that it is about."),
                _id("ticket_source", "Source of that ticket, where it is another."),
                _id("agent_id", "The agent that it is about, as in agents."),
                _code("channel", "How it was asked.", example="email"),
                _code("language", "ISO 639-1.", example="en"),
                _flag("is_partial", "The respondent did not finish."),
                _at("responded_at", "When it was given.", must=True),
                _URL,
                _UPDATED,
                _DELETED,
                _TEST,
            ),
            key=("response_id", "question_id"),
            cursor=("updated_at", "responded_at"),
        ),
        Entity(
            "survey_deliveries",
            "One invitation to a survey.",
            (
                _id("delivery_id", "Its id at the source.", "D-1", must=True),
                _id("survey_id", "The survey.", "spring", must=True),
                _CUSTOMER,
                _EMAIL,
                _code("channel", "How it was sent.", example="email"),
                _code(
                    "status",
                    "What became of it.",
                    "sent",
                    "delivered",
                    "bounced",
                    "opened",
                    "started",
                    "answered",
                    "opted_out",
                ),
                _at("sent_at", "When it was sent.", must=True),
                _at("delivered_at", "When it arrived."),
                _UPDATED,
                _DELETED,
            ),
            key=("delivery_id",),
            cursor=("updated_at", "sent_at"),
        ),
        Entity(
            "reviews",
            "One public review.",
            (
                _id("review_id", "Its id at the source.", "V-1", must=True),
                _code("site", "Where it stands.", example="trustpilot"),
                _text("business_unit", "What is reviewed.", "shop.example"),
                _whole("rating", "Stars, 1 to 5.", "4", must=True),
                _text("title", "Title.", "Good"),
                _text("text", "What it says.", "Arrived in two days."),
                _code("language", "ISO 639-1.", example="en"),
                _text("reviewer_name", "Shown name."),
                _CUSTOMER,
                _EMAIL,
                _flag("is_verified", "The site knows of a purchase."),
                _at("reviewed_at", "When it was written.", must=True),
                _at("edited_at", "When it was last changed."),
                _at("replied_at", "When the company replied."),
                _URL,
                _UPDATED,
                _DELETED,
                _TEST,
            ),
            key=("review_id",),
            cursor=("updated_at", "edited_at", "reviewed_at"),
        ),
        Entity(
            "orders",
            "One order.",
            (
                _id("order_id", "Its id at the source.", "O-1", must=True),
                _CUSTOMER,
                _EMAIL,
                _code("status", "As it is now; your own words.", example="paid"),
                _code("channel", "How it came.", example="web"),
                _decimal(
                    "amount", "Worth of the order, after discount.", "49.90", must=True
                ),
                _decimal("refunded_amount", "Given back of it.", "0.00"),
                _CURRENCY,
                _at("ordered_at", "When it was placed.", must=True),
                _URL,
                _UPDATED,
                _DELETED,
                _TEST,
            ),
            key=("order_id",),
            cursor=("updated_at", "ordered_at"),
        ),
        Entity(
            "subscriptions",
            "One subscription.",
            (
                _id("subscription_id", "Its id at the source.", "S-1", must=True),
                _CUSTOMER,
                _EMAIL,
                _text("plan", "Plan.", "Plus"),
                _code("status", "As it is now; your own words.", example="active"),
                _decimal("amount", "Price of one interval.", "19.00", must=True),
                _code(
                    "interval", "How often that is paid.", "month", "year", must=True
                ),
                _CURRENCY,
                _at("started_at", "When it began.", must=True),
                _at("cancelled_at", "When it was cancelled."),
                _at("ended_at", "When it ended."),
                _URL,
                _UPDATED,
                _DELETED,
                _TEST,
            ),
            key=("subscription_id",),
            cursor=("updated_at", "started_at"),
        ),
        Entity(
            "deals",
            "One sale: open, won or lost.",
            (
                _id("deal_id", "Its id at the source.", "501", must=True),
                _text("name", "Its name."),
                _text("pipeline", "Pipeline.", "Sales"),
                _text("stage", "Stage as it is now.", "Negotiation"),
                _code("deal_type", "New or existing business."),
                _decimal("amount", "Worth of the deal.", "12000.00"),
                _CURRENCY,
                _id("owner_id", "Whose deal it is, as in agents.", "7"),
                _CUSTOMER,
                _id("account_id", "The company, as in accounts.", "A-3"),
                _flag("is_closed", "Decided, one way or the other."),
                _flag("is_won", "Decided in our favour."),
                _MERGED,
                _URL,
                _at("created_at", "When it was opened.", must=True),
                _at("closed_at", "When it was decided."),
                _at("expected_close_at", "When it may be decided."),
                _UPDATED,
                _DELETED,
                _TEST,
            ),
            key=("deal_id",),
            cursor=("updated_at", "created_at"),
        ),
        Entity(
            "deal_stage_events",
            "One entry of a deal into a stage.",
            (
                _id("deal_id", "The deal.", "501", must=True),
                _text("pipeline", "Pipeline of the stage.", "Sales"),
                Column("stage", Kind.TEXT, True, "The stage.", example="Negotiation"),
                _at("entered_at", "When the deal came into it.", must=True),
                _UPDATED,
                _DELETED,
            ),
            key=("deal_id", "entered_at"),
            cursor=("updated_at", "entered_at"),
        ),
        Entity(
            "campaign_touches",
            "One touch of a campaign with a person.",
            (
                _id("touch_id", "Its id at the source.", "T-1", must=True),
                _CUSTOMER,
                _EMAIL,
                _text("campaign", "Campaign.", "Spring sale"),
                _code("channel", "Where: email, search, social, ...", example="email"),
                _code(
                    "kind",
                    "What happened: sent, opened, clicked, ...",
                    example="clicked",
                ),
                _decimal("cost", "What this touch cost.", "0.12"),
                _CURRENCY,
                _at("occurred_at", "When.", must=True),
                _UPDATED,
                _DELETED,
            ),
            key=("touch_id",),
            cursor=("updated_at", "occurred_at"),
        ),
        Entity(
            "web_sessions",
            "One visit to the web site or app.",
            (
                _id("session_id", "Its id at the source.", "W-1", must=True),
                _CUSTOMER,
                _EMAIL,
                _id("visitor_id", "The browser, where nobody is known."),
                _text("landing_page", "First page.", "/pricing"),
                _text("referrer", "Where the visitor came from."),
                _code("utm_source", "As in the link.", example="newsletter"),
                _code("utm_medium", "As in the link.", example="email"),
                _text("utm_campaign", "As in the link.", "Spring sale"),
                _whole("page_views", "Pages seen.", "6"),
                _flag("is_converted", "The visit reached its goal."),
                _at("started_at", "When it began.", must=True),
                _at("ended_at", "When it ended."),
                _UPDATED,
                _DELETED,
            ),
            key=("session_id",),
            cursor=("updated_at", "started_at"),
        ),
    )
}
