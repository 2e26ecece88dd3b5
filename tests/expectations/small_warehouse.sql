-- A work file by hand: three tickets, a rating, two survey responses, two loads.
-- Everything that the checks read, and every check passes. Tests spoil one thing each.
CREATE SCHEMA zendesk;
CREATE SCHEMA typeform;
CREATE SCHEMA seeds;
CREATE SCHEMA staging;
CREATE SCHEMA intermediate;
CREATE SCHEMA marts;
CREATE SCHEMA meta;
CREATE SCHEMA pii;

-- lake ------------------------------------------------------------------------------
CREATE TABLE staging.envelopes (
    source VARCHAR, stream VARCHAR, "key" VARCHAR, parent_key VARCHAR,
    cursor_at TIMESTAMPTZ, version BIGINT, seq BIGINT, op VARCHAR,
    extracted_at TIMESTAMPTZ, payload VARCHAR, _dlt_load_id VARCHAR
);
INSERT INTO staging.envelopes
SELECT
    source, stream, "key", parent_key, changed_at, epoch_us(changed_at), seq, op,
    TIMESTAMPTZ '2024-03-02 00:00:00+00', payload, load_id
FROM (VALUES
    ('zendesk', 'tickets', '101', NULL, TIMESTAMPTZ '2024-01-12 00:00:00+00', 0, 'upsert', '{"id":101}', '1709300000.1'),
    ('zendesk', 'tickets', '102', NULL, TIMESTAMPTZ '2024-02-05 08:00:00+00', 1, 'upsert', '{"id":102}', '1709300000.1'),
    ('zendesk', 'tickets', '102', NULL, TIMESTAMPTZ '2024-02-20 08:00:00+00', 0, 'upsert', '{"id":102}', '1709337600.2'),
    ('zendesk', 'tickets', '103', NULL, TIMESTAMPTZ '2024-02-07 08:00:00+00', 1, 'delete', '{"id":103}', '1709337600.2'),
    ('zendesk', 'users', '11', NULL, TIMESTAMPTZ '2024-01-01 00:00:00+00', 0, 'upsert', '{"id":11}', '1709300000.1'),
    ('zendesk', 'users', '12', NULL, TIMESTAMPTZ '2024-01-02 00:00:00+00', 1, 'upsert', '{"id":12}', '1709300000.1'),
    ('zendesk', 'ticket_events', '900', NULL, TIMESTAMPTZ '2024-01-10 08:00:00+00', 0, 'upsert', '{"id":900}', '1709300000.1'),
    ('zendesk', 'satisfaction_ratings', '501', NULL, TIMESTAMPTZ '2024-01-12 10:00:00+00', 0, 'upsert', '{"id":501,"ticket_id":101,"score":"good","updated_at":"2024-01-12T10:00:00Z"}', '1709300000.1'),
    ('zendesk', 'satisfaction_ratings', '502', NULL, TIMESTAMPTZ '2024-02-20 10:00:00+00', 0, 'upsert', '{"id":502,"ticket_id":102,"score":"offered","updated_at":"2024-02-20T10:00:00Z"}', '1709337600.2'),
    ('zendesk', 'groups', '31', NULL, TIMESTAMPTZ '2023-12-01 00:00:00+00', 0, 'upsert', '{"id":31}', '1709300000.1'),
    ('zendesk', 'brands', '35', NULL, TIMESTAMPTZ '2023-12-01 00:00:00+00', 0, 'upsert', '{"id":35}', '1709300000.1'),
    ('zendesk', 'ticket_fields', '36', NULL, TIMESTAMPTZ '2023-12-01 00:00:00+00', 0, 'upsert', '{"id":36}', '1709300000.1'),
    ('zendesk', 'survey_responses', '01J0', NULL, TIMESTAMPTZ '2024-02-20 10:00:00+00', 0, 'upsert', '{"id":"01J0","subjects":[{"id":"102","type":"ticket"}],"answers":[{"type":"skipped","updated_at":"2024-02-20T10:00:00Z"}]}', '1709300000.1'),
    ('zendesk', 'ticket_metric_events', '37', NULL, TIMESTAMPTZ '2023-12-01 00:00:00+00', 0, 'upsert', '{"id":37}', '1709300000.1'),
    ('zendesk', 'sla_policies', '38', NULL, TIMESTAMPTZ '2023-12-01 00:00:00+00', 0, 'upsert', '{"id":38}', '1709300000.1'),
    ('zendesk', 'schedules', '39', NULL, TIMESTAMPTZ '2023-12-01 00:00:00+00', 0, 'upsert', '{"id":39}', '1709300000.1'),
    ('zendesk', 'holidays', '40', '39', TIMESTAMPTZ '2023-12-01 00:00:00+00', 0, 'upsert', '{"id":40}', '1709300000.1'),
    ('typeform', 'forms', 'F1', NULL, TIMESTAMPTZ '2023-12-01 00:00:00+00', 0, 'upsert', '{"id":"F1"}', '1709300001.1'),
    ('typeform', 'responses', 'R1', 'F1', TIMESTAMPTZ '2024-02-10 09:00:00+00', 0, 'upsert', '{"landed_at":"2024-02-10T08:58:00Z","submitted_at":"2024-02-10T09:00:00Z","answers":[{"number":9},{"text":"fine"}]}', '1709300001.1'),
    ('typeform', 'responses', 'R2', 'F1', TIMESTAMPTZ '2024-02-11 09:00:00+00', 1, 'upsert', '{"landed_at":"2024-02-11T08:58:00Z","submitted_at":"2024-02-11T09:00:00Z","answers":[{"number":3}]}', '1709300001.1')
) AS landed (source, stream, "key", parent_key, changed_at, seq, op, payload, load_id);

CREATE TABLE zendesk.tickets AS SELECT * EXCLUDE (source, stream) FROM staging.envelopes WHERE stream = 'tickets';
CREATE TABLE zendesk.users AS SELECT * EXCLUDE (source, stream) FROM staging.envelopes WHERE stream = 'users';
CREATE TABLE zendesk.organizations AS SELECT * EXCLUDE (source, stream) FROM staging.envelopes WHERE false;
CREATE TABLE zendesk.ticket_events AS SELECT * EXCLUDE (source, stream) FROM staging.envelopes WHERE stream = 'ticket_events';
CREATE TABLE zendesk.satisfaction_ratings AS SELECT * EXCLUDE (source, stream) FROM staging.envelopes WHERE stream = 'satisfaction_ratings';
CREATE TABLE zendesk.groups AS SELECT * EXCLUDE (source, stream) FROM staging.envelopes WHERE stream = 'groups';
CREATE TABLE zendesk.survey_responses AS SELECT * EXCLUDE (source, stream) FROM staging.envelopes WHERE stream = 'survey_responses';
CREATE TABLE zendesk.ticket_metric_events AS SELECT * EXCLUDE (source, stream) FROM staging.envelopes WHERE stream = 'ticket_metric_events';
CREATE TABLE zendesk.brands AS SELECT * EXCLUDE (source, stream) FROM staging.envelopes WHERE stream = 'brands';
CREATE TABLE zendesk.ticket_fields AS SELECT * EXCLUDE (source, stream) FROM staging.envelopes WHERE stream = 'ticket_fields';
CREATE TABLE zendesk.sla_policies AS SELECT * EXCLUDE (source, stream) FROM staging.envelopes WHERE stream = 'sla_policies';
CREATE TABLE zendesk.schedules AS SELECT * EXCLUDE (source, stream) FROM staging.envelopes WHERE stream = 'schedules';
CREATE TABLE zendesk.holidays AS SELECT * EXCLUDE (source, stream) FROM staging.envelopes WHERE stream = 'holidays';
CREATE TABLE typeform.forms AS SELECT * EXCLUDE (source, stream) FROM staging.envelopes WHERE stream = 'forms';
CREATE TABLE typeform.responses AS SELECT * EXCLUDE (source, stream) FROM staging.envelopes WHERE stream = 'responses';

CREATE TABLE zendesk.pulls AS
SELECT
    stream, 'incremental' AS mode, NULL::TIMESTAMPTZ AS window_from,
    TIMESTAMPTZ '2024-03-01 23:59:00+00' AS window_to,
    TIMESTAMPTZ '2024-03-02 00:00:00+00' AS source_now,
    1::BIGINT AS pages, count(*) AS "rows", 0::BIGINT AS rejected,
    true AS is_complete, _dlt_load_id
FROM staging.envelopes WHERE source = 'zendesk' GROUP BY ALL;
CREATE TABLE typeform.pulls AS
SELECT
    stream, 'incremental' AS mode, NULL::TIMESTAMPTZ AS window_from,
    TIMESTAMPTZ '2024-03-02 00:00:00+00' AS window_to,
    TIMESTAMPTZ '2024-03-02 00:00:00+00' AS source_now,
    1::BIGINT AS pages, count(*) AS "rows", 0::BIGINT AS rejected,
    true AS is_complete, _dlt_load_id
FROM staging.envelopes WHERE source = 'typeform' GROUP BY ALL;
CREATE TABLE zendesk.rejects (
    stream VARCHAR, seq BIGINT, reason VARCHAR, body BLOB, extracted_at TIMESTAMPTZ,
    _dlt_load_id VARCHAR
);
CREATE TABLE typeform.rejects AS FROM zendesk.rejects;

-- layers between --------------------------------------------------------------------
CREATE TABLE intermediate.expected_sources (source VARCHAR);
INSERT INTO intermediate.expected_sources VALUES ('zendesk'), ('typeform');
CREATE TABLE staging.pulls AS
SELECT
    source, stream AS table_name, _dlt_load_id AS load_id, mode,
    window_from::TIMESTAMP AS window_from, window_to::TIMESTAMP AS window_to,
    source_now::TIMESTAMP AS source_now, is_complete
FROM (
    SELECT 'zendesk' AS source, * FROM zendesk.pulls
    UNION ALL SELECT 'typeform', * FROM typeform.pulls
) AS pulls;
CREATE TABLE staging.record_counts AS
SELECT
    source, stream AS table_name, _dlt_load_id AS load_id, count(*) AS received,
    count(*) FILTER ("key" <> '102' OR _dlt_load_id = '1709337600.2') AS accepted,
    count(*) FILTER ("key" = '102' AND _dlt_load_id <> '1709337600.2') AS superseded,
    0::BIGINT AS quarantined, 0::BIGINT AS rejected
FROM staging.envelopes GROUP BY ALL;
CREATE TABLE staging.base_zendesk__tickets (
    _key VARCHAR, _disposition VARCHAR, _load_id VARCHAR, _version BIGINT, _seq BIGINT,
    requester_id VARCHAR, created_at TIMESTAMP, updated_at TIMESTAMP
);
INSERT INTO staging.base_zendesk__tickets VALUES
    ('101', 'accepted', '1709300000.1', 1, 0, '11', '2024-01-10 08:00:00', '2024-01-12 00:00:00'),
    ('102', 'superseded', '1709300000.1', 1, 1, '12', '2024-02-05 08:00:00', '2024-02-05 08:00:00'),
    ('102', 'accepted', '1709337600.2', 2, 0, '12', '2024-02-05 08:00:00', '2024-02-20 08:00:00'),
    ('103', 'accepted', '1709337600.2', 1, 1, '12', '2024-02-06 08:00:00', '2024-02-07 08:00:00');
CREATE TABLE staging.base_zendesk__users AS
SELECT
    "key" AS _key, 'accepted' AS _disposition, _dlt_load_id AS _load_id,
    version AS _version, seq AS _seq, cursor_at::TIMESTAMP AS created_at,
    cursor_at::TIMESTAMP AS updated_at
FROM zendesk.users;
CREATE TABLE staging.base_zendesk__organizations AS FROM staging.base_zendesk__users WHERE false;
CREATE TABLE staging.base_zendesk__satisfaction_ratings AS FROM staging.base_zendesk__users WHERE false;
CREATE TABLE staging.base_zendesk__survey_responses AS FROM staging.base_zendesk__users WHERE false;
CREATE TABLE staging.base_zendesk__groups AS FROM staging.base_zendesk__users WHERE false;
CREATE TABLE staging.base_typeform__forms AS FROM staging.base_zendesk__users WHERE false;
CREATE TABLE staging.base_zendesk__ticket_events AS
SELECT
    '900' AS _key, 'accepted' AS _disposition, '1709300000.1' AS _load_id,
    '101' AS ticket_id, TIMESTAMP '2024-01-10 08:00:00' AS created_at;
CREATE TABLE staging.base_zendesk__ticket_metric_events AS
SELECT
    '37' AS _key, 'accepted' AS _disposition,
    TIMESTAMP '2024-01-10 08:00:00' AS occurred_at;
CREATE TABLE staging.base_typeform__responses AS
SELECT "key" AS _key, 'accepted' AS _disposition, cursor_at::TIMESTAMP AS landed_at
FROM typeform.responses;
CREATE TABLE intermediate.as_of AS SELECT TIMESTAMP '2024-03-01 23:59:00' AS as_of;
CREATE TABLE intermediate.customer_records AS
SELECT
    'zendesk' AS source, "key" AS source_id, 'Ann' AS "name",
    'ann@example.test' AS email, true AS is_person,
    cursor_at::TIMESTAMP AS first_seen_at
FROM zendesk.users;
CREATE TABLE intermediate.survey_answers_judged AS
SELECT '1709300001.1' AS _load_id, NULL::VARCHAR AS _reason FROM range(3);
CREATE TABLE seeds.metric_modes AS
SELECT * FROM (VALUES
    ('tickets_created', 'standard', 'count'), ('csat', 'all_rated', 'share'),
    ('nps', 'transactional', 'net_score'), ('nps', 'relationship', 'net_score')
) AS modes (metric, mode, kind);
CREATE TABLE intermediate.quarantined_records (
    source VARCHAR, table_name VARCHAR, "key" VARCHAR, load_id VARCHAR,
    reason VARCHAR, payload VARCHAR
);

-- marts -----------------------------------------------------------------------------
CREATE TABLE marts.fct_tickets AS
SELECT
    'T' || id AS ticket_key, id AS ticket_id, customer_key, 'A21' AS agent_key,
    'G31' AS group_key, 'zendesk' AS source, id AS source_id,
    'https://example.test/agent/tickets/' || id AS source_url, 'normal' AS priority,
    status, 'email' AS channel, csat, created_at, created_at AS assigned_at, solved_at,
    updated_at, first_reply::DOUBLE AS first_reply_time_calendar_minutes,
    resolution::DOUBLE AS first_resolution_time_calendar_minutes,
    resolution::DOUBLE AS full_resolution_time_calendar_minutes,
    resolution::DOUBLE AS requester_wait_time_calendar_minutes,
    0::DOUBLE AS agent_wait_time_calendar_minutes,
    0::DOUBLE AS on_hold_time_calendar_minutes,
    1 AS count_replies, 0 AS count_reopens, 0 AS count_assignee_changes,
    0 AS count_group_changes, true AS is_one_touch, status = 'deleted' AS is_deleted,
    false AS is_merged, false AS is_test
FROM (VALUES
    ('101', 'C1', 'solved', 1, TIMESTAMP '2024-01-10 08:00:00', TIMESTAMP '2024-01-12 00:00:00', TIMESTAMP '2024-01-12 00:00:00', 30, 2400),
    ('102', 'C2', 'open', NULL, TIMESTAMP '2024-02-05 08:00:00', NULL, TIMESTAMP '2024-02-20 08:00:00', 45, NULL),
    ('103', 'C2', 'deleted', NULL, TIMESTAMP '2024-02-06 08:00:00', NULL, TIMESTAMP '2024-02-07 08:00:00', NULL, NULL)
) AS tickets (id, customer_key, status, csat, created_at, solved_at, updated_at, first_reply, resolution);

CREATE TABLE marts.fct_survey_responses AS
SELECT
    source || response_id || question AS response_key, source || survey AS survey_key,
    source || survey || question AS question_key, customer_key, ticket_key,
    NULL::VARCHAR AS agent_key, source, response_id AS source_id,
    NULL::VARCHAR AS source_url, survey_type, program, score, scale_min, scale_max,
    answer_text, 'survey' AS channel, 'en' AS language, false AS is_reversed,
    false AS is_partial, true AS is_latest, false AS is_deleted, false AS is_merged,
    false AS is_test, responded_at
FROM (VALUES
    ('zendesk', '501', 'rating', 'ratings', 'C1', 'T101', 'CSAT', 'transactional', 1, 0, 1, NULL, TIMESTAMP '2024-01-12 10:00:00'),
    ('typeform', 'R1', 'nps', 'F1', 'C1', NULL, 'NPS', 'relational', 9, 0, 10, NULL, TIMESTAMP '2024-02-10 09:00:00'),
    ('typeform', 'R1', 'why', 'F1', 'C1', NULL, 'custom', 'relational', NULL, NULL, NULL, 'fine', TIMESTAMP '2024-02-10 09:00:00'),
    ('typeform', 'R2', 'nps', 'F1', NULL, NULL, 'NPS', 'relational', 3, 0, 10, NULL, TIMESTAMP '2024-02-11 09:00:00')
) AS answers (source, response_id, question, survey, customer_key, ticket_key, survey_type, program, score, scale_min, scale_max, answer_text, responded_at);

CREATE TABLE marts.fct_interactions AS
SELECT
    'I900' AS interaction_key, 'message' AS kind, 'C1' AS customer_key, 'zendesk' AS source,
    '900' AS source_id, 'https://example.test/agent/tickets/101' AS source_url,
    'email' AS channel, 'inbound' AS direction, 'customer' AS author_role,
    false AS is_deleted, false AS is_merged, false AS is_test,
    TIMESTAMP '2024-01-10 08:00:00' AS occurred_at;

CREATE TABLE marts.customer_identities AS
SELECT source, source_id, customer_key, 'first_record' AS rule, 1::DOUBLE AS probability
FROM (VALUES
    ('zendesk', '11', 'C1'), ('zendesk', '12', 'C2'), ('typeform', 'R1', 'C1')
) AS identities (source, source_id, customer_key);

CREATE TABLE marts.customer_360 AS
SELECT
    customer_key, 1 AS count_tickets, count_open_tickets, sum_csat, count_csat,
    sum_csat AS last_csat, last_nps_score, last_nps_category,
    TIMESTAMP '2024-01-01 00:00:00' AS first_seen_at,
    TIMESTAMP '2024-02-10 09:00:00' AS last_interaction_at,
    TIMESTAMP '2024-02-05 08:00:00' AS last_contact_at
FROM (VALUES
    ('C1', 0, 1, 1, 9, 'promoter'), ('C2', 1, NULL, 0, NULL, NULL)
) AS customers (customer_key, count_open_tickets, sum_csat, count_csat, last_nps_score, last_nps_category);

CREATE TABLE marts.metrics_periodic AS
SELECT
    metric, mode, period_type, period_start, NULL::VARCHAR AS dimension_1,
    NULL::VARCHAR AS value_1, NULL::VARCHAR AS dimension_2, NULL::VARCHAR AS value_2,
    n::BIGINT AS n, numerator::DOUBLE AS sum_value, n::DOUBLE AS sum_sq,
    numerator::BIGINT AS numerator,
    CASE WHEN metric <> 'tickets_created' THEN n END::BIGINT AS denominator,
    0::BIGINT AS n_open, 0::BIGINT AS n_censored, "value"::DOUBLE AS "value",
    NULL::DOUBLE AS p50, NULL::DOUBLE AS p90, ci_low::DOUBLE AS ci_low,
    ci_high::DOUBLE AS ci_high, period_type <> 'rolling_90d' AS is_final,
    n < 30 AS is_low_n
FROM (VALUES
    ('tickets_created', 'standard', 'day', DATE '2024-01-10', 1, NULL, 1, NULL, NULL),
    ('tickets_created', 'standard', 'day', DATE '2024-02-05', 1, NULL, 1, NULL, NULL),
    ('tickets_created', 'standard', 'week', DATE '2024-01-08', 1, NULL, 1, NULL, NULL),
    ('tickets_created', 'standard', 'week', DATE '2024-02-05', 1, NULL, 1, NULL, NULL),
    ('tickets_created', 'standard', 'quarter', DATE '2024-01-01', 2, NULL, 2, NULL, NULL),
    ('csat', 'all_rated', 'week', DATE '2024-01-08', 1, 1, 1, 0.206549, 1),
    ('csat', 'all_rated', 'quarter', DATE '2024-01-01', 1, 1, 1, 0.206549, 1),
    ('nps', 'transactional', 'week', DATE '2024-02-05', 2, 0, 0, -90, 90),
    ('nps', 'transactional', 'quarter', DATE '2024-01-01', 2, 0, 0, -90, 90),
    ('tickets_created', 'standard', 'month', DATE '2024-01-01', 1, NULL, 1, NULL, NULL),
    ('tickets_created', 'standard', 'month', DATE '2024-02-01', 1, NULL, 1, NULL, NULL),
    ('tickets_created', 'standard', 'rolling_90d', DATE '2023-12-03', 2, NULL, 2, NULL, NULL),
    ('csat', 'all_rated', 'day', DATE '2024-01-12', 1, 1, 1, 0.206549, 1),
    ('csat', 'all_rated', 'month', DATE '2024-01-01', 1, 1, 1, 0.206549, 1),
    ('csat', 'all_rated', 'rolling_90d', DATE '2023-12-03', 1, 1, 1, 0.206549, 1),
    ('nps', 'transactional', 'day', DATE '2024-02-10', 1, 1, 100, 0, 100),
    ('nps', 'transactional', 'day', DATE '2024-02-11', 1, -1, -100, -100, 0),
    ('nps', 'transactional', 'month', DATE '2024-02-01', 2, 0, 0, -90, 90),
    ('nps', 'relationship', 'month', DATE '2024-02-01', 2, 0, 0, -90, 90),
    ('nps', 'relationship', 'rolling_90d', DATE '2023-12-03', 2, 0, 0, -90, 90)
) AS figures (metric, mode, period_type, period_start, n, numerator, "value", ci_low, ci_high);
COMMENT ON TABLE marts.metrics_periodic IS 'One row per metric, mode, period and dimension value.';
COMMENT ON COLUMN marts.metrics_periodic.n IS 'Cases behind the value; that''s all.';

CREATE TABLE marts.dim_date AS SELECT DATE '2024-01-01' AS date_day;
CREATE TABLE marts.dim_agents AS SELECT 'A21' AS agent_key;
CREATE TABLE marts.dim_groups AS SELECT 'G31' AS group_key, false AS is_deleted;
CREATE TABLE marts.dim_surveys AS SELECT 'typeformF1' AS survey_key;

CREATE TABLE meta.metrics AS
SELECT
    "name", label, 'What it says.' AS definition, unit, 'up' AS direction,
    'creation' AS dated_by, modes, 'team:service' AS "owner"
FROM (VALUES
    ('tickets_created', 'Tickets created', 'tickets', 'standard'),
    ('csat', 'Customer satisfaction', 'share', 'all_rated'),
    ('nps', 'Net promoter score', 'points', 'relationship, transactional')
) AS metrics ("name", label, unit, modes);
CREATE TABLE meta.sources AS
SELECT
    source, stream AS table_name, count(*) AS "rows",
    max(cursor_at)::TIMESTAMP AS last_cursor_at,
    TIMESTAMP '2024-03-02 00:00:00' AS last_loaded_at,
    TIMESTAMP '2024-03-01 23:59:00' AS complete_to, 1::BIGINT AS lag_minutes,
    TIMESTAMP '2024-03-02 00:59:00' AS expected_by, 'fresh' AS status
FROM staging.envelopes GROUP BY ALL;

CREATE TABLE pii.customer_contacts AS
SELECT 'C1' AS customer_key, 'ann@example.test' AS email;
CREATE TABLE pii.agents AS SELECT 'A21' AS agent_key, 'Bo' AS "name";

-- CRM and reviews -------------------------------------------------------------------
-- Two contacts, one merged into the other; a won, a lost and an open deal, with one of
-- each thing that sales people log; two reviews.
CREATE SCHEMA hubspot;
CREATE SCHEMA trustpilot;
CREATE SCHEMA zendesk_talk;
CREATE TEMP TABLE more_envelopes AS
SELECT
    source, stream, "key", parent_key, changed_at AS cursor_at,
    epoch_us(changed_at) AS version,
    row_number() OVER (PARTITION BY stream ORDER BY "key") - 1 AS seq, op,
    TIMESTAMPTZ '2024-03-02 00:00:00+00' AS extracted_at, '{}' AS payload,
    CASE source
        WHEN 'hubspot' THEN '1709300002.1' WHEN 'trustpilot' THEN '1709300003.1'
        ELSE '1709300004.1'
    END AS _dlt_load_id
FROM (VALUES
    ('hubspot', 'contacts', '61', NULL, TIMESTAMPTZ '2024-01-01 00:00:00+00', 'upsert'),
    ('hubspot', 'contacts', '62', NULL, TIMESTAMPTZ '2024-01-05 00:00:00+00', 'delete'),
    ('hubspot', 'companies', '71', NULL, TIMESTAMPTZ '2024-01-01 00:00:00+00', 'upsert'),
    ('hubspot', 'deals', '81', NULL, TIMESTAMPTZ '2024-01-20 00:00:00+00', 'upsert'),
    ('hubspot', 'deals', '82', NULL, TIMESTAMPTZ '2024-02-20 00:00:00+00', 'upsert'),
    ('hubspot', 'deals', '83', NULL, TIMESTAMPTZ '2024-02-21 00:00:00+00', 'upsert'),
    ('hubspot', 'owners', '91', NULL, TIMESTAMPTZ '2023-12-01 00:00:00+00', 'upsert'),
    ('hubspot', 'pipelines', 'default', NULL, TIMESTAMPTZ '2023-12-01 00:00:00+00', 'upsert'),
    ('hubspot', 'contact_companies', '61', NULL, TIMESTAMPTZ '2024-03-01 00:00:00+00', 'upsert'),
    ('hubspot', 'deal_contacts', '81', NULL, TIMESTAMPTZ '2024-03-01 00:00:00+00', 'upsert'),
    ('hubspot', 'deal_companies', '81', NULL, TIMESTAMPTZ '2024-03-01 00:00:00+00', 'upsert'),
    ('zendesk_talk', 'calls', '41', NULL, TIMESTAMPTZ '2024-02-01 10:00:00+00', 'upsert'),
    ('zendesk_talk', 'legs', '42', NULL, TIMESTAMPTZ '2024-02-01 10:00:00+00', 'upsert'),
    ('zendesk_talk', 'phone_numbers', '43', NULL, TIMESTAMPTZ '2023-12-01 00:00:00+00', 'upsert'),
    ('hubspot', 'feedback_submissions', '101', NULL, TIMESTAMPTZ '2024-02-11 00:00:00+00', 'upsert'),
    ('hubspot', 'calls', '102', NULL, TIMESTAMPTZ '2024-02-12 00:00:00+00', 'upsert'),
    ('hubspot', 'meetings', '103', NULL, TIMESTAMPTZ '2024-02-13 00:00:00+00', 'upsert'),
    ('hubspot', 'emails', '104', NULL, TIMESTAMPTZ '2024-02-14 00:00:00+00', 'upsert'),
    ('hubspot', 'notes', '105', NULL, TIMESTAMPTZ '2024-02-15 00:00:00+00', 'upsert'),
    ('hubspot', 'feedback_submission_contacts', '101', NULL, TIMESTAMPTZ '2024-03-01 00:00:00+00', 'upsert'),
    ('hubspot', 'call_contacts', '102', NULL, TIMESTAMPTZ '2024-03-01 00:00:00+00', 'upsert'),
    ('hubspot', 'meeting_contacts', '103', NULL, TIMESTAMPTZ '2024-03-01 00:00:00+00', 'upsert'),
    ('hubspot', 'email_contacts', '104', NULL, TIMESTAMPTZ '2024-03-01 00:00:00+00', 'upsert'),
    ('hubspot', 'note_contacts', '105', NULL, TIMESTAMPTZ '2024-03-01 00:00:00+00', 'upsert'),
    ('trustpilot', 'business_units', 'B1', NULL, TIMESTAMPTZ '2023-12-01 00:00:00+00', 'upsert'),
    ('trustpilot', 'reviews', 'W1', 'B1', TIMESTAMPTZ '2024-02-10 10:00:00+00', 'upsert'),
    ('trustpilot', 'reviews', 'W2', 'B1', TIMESTAMPTZ '2024-02-12 10:00:00+00', 'upsert')
) AS landed (source, stream, "key", parent_key, changed_at, op);
INSERT INTO staging.envelopes FROM more_envelopes;

CREATE TABLE hubspot.contacts AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'contacts';
CREATE TABLE hubspot.companies AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'companies';
CREATE TABLE hubspot.deals AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'deals';
CREATE TABLE hubspot.owners AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'owners';
CREATE TABLE hubspot.pipelines AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'pipelines';
CREATE TABLE hubspot.contact_companies AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'contact_companies';
CREATE TABLE hubspot.deal_contacts AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'deal_contacts';
CREATE TABLE hubspot.deal_companies AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'deal_companies';
CREATE TABLE hubspot.feedback_submissions AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'feedback_submissions';
CREATE TABLE hubspot.calls AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE source = 'hubspot' AND stream = 'calls';
CREATE TABLE hubspot.meetings AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'meetings';
CREATE TABLE hubspot.emails AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'emails';
CREATE TABLE hubspot.notes AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'notes';
CREATE TABLE hubspot.feedback_submission_contacts AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'feedback_submission_contacts';
CREATE TABLE hubspot.call_contacts AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'call_contacts';
CREATE TABLE hubspot.meeting_contacts AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'meeting_contacts';
CREATE TABLE hubspot.email_contacts AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'email_contacts';
CREATE TABLE hubspot.note_contacts AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'note_contacts';
CREATE TABLE trustpilot.business_units AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'business_units';
CREATE TABLE trustpilot.reviews AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'reviews';
CREATE TABLE zendesk_talk.calls AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE source = 'zendesk_talk' AND stream = 'calls';
CREATE TABLE zendesk_talk.legs AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'legs';
CREATE TABLE zendesk_talk.phone_numbers AS SELECT * EXCLUDE (source, stream) FROM more_envelopes WHERE stream = 'phone_numbers';
CREATE TABLE hubspot.pulls AS
SELECT
    stream, 'incremental' AS mode, NULL::TIMESTAMPTZ AS window_from,
    TIMESTAMPTZ '2024-03-02 00:00:00+00' AS window_to,
    TIMESTAMPTZ '2024-03-02 00:00:00+00' AS source_now,
    1::BIGINT AS pages, count(*) AS "rows", 0::BIGINT AS rejected,
    true AS is_complete, _dlt_load_id
FROM more_envelopes WHERE source = 'hubspot' GROUP BY ALL;
CREATE TABLE trustpilot.pulls AS
SELECT
    stream, 'incremental' AS mode, NULL::TIMESTAMPTZ AS window_from,
    TIMESTAMPTZ '2024-03-02 00:00:00+00' AS window_to,
    TIMESTAMPTZ '2024-03-02 00:00:00+00' AS source_now,
    1::BIGINT AS pages, count(*) AS "rows", 0::BIGINT AS rejected,
    true AS is_complete, _dlt_load_id
FROM more_envelopes WHERE source = 'trustpilot' GROUP BY ALL;
CREATE TABLE zendesk_talk.pulls AS
SELECT
    stream, 'incremental' AS mode, NULL::TIMESTAMPTZ AS window_from,
    TIMESTAMPTZ '2024-03-02 00:00:00+00' AS window_to,
    TIMESTAMPTZ '2024-03-02 00:00:00+00' AS source_now,
    1::BIGINT AS pages, count(*) AS "rows", 0::BIGINT AS rejected,
    true AS is_complete, _dlt_load_id
FROM more_envelopes WHERE source = 'zendesk_talk' GROUP BY ALL;
CREATE TABLE hubspot.rejects AS FROM zendesk.rejects;
CREATE TABLE trustpilot.rejects AS FROM zendesk.rejects;
CREATE TABLE zendesk_talk.rejects AS FROM zendesk.rejects;

INSERT INTO intermediate.expected_sources VALUES ('hubspot'), ('trustpilot');
INSERT INTO staging.pulls BY NAME
SELECT
    source, stream AS table_name, _dlt_load_id AS load_id, mode,
    window_from::TIMESTAMP AS window_from, window_to::TIMESTAMP AS window_to,
    source_now::TIMESTAMP AS source_now, is_complete
FROM (
    SELECT 'hubspot' AS source, * FROM hubspot.pulls
    UNION ALL SELECT 'trustpilot', * FROM trustpilot.pulls
    UNION ALL SELECT 'zendesk_talk', * FROM zendesk_talk.pulls
) AS pulls;
INSERT INTO staging.record_counts
SELECT source, stream, _dlt_load_id, count(*), count(*), 0, 0, 0
FROM more_envelopes GROUP BY ALL;
CREATE TABLE staging.base_hubspot__contacts AS
SELECT
    "key" AS _key, 'accepted' AS _disposition, _dlt_load_id AS _load_id,
    version AS _version, seq AS _seq, cursor_at::TIMESTAMP AS created_at,
    cursor_at::TIMESTAMP AS updated_at
FROM hubspot.contacts;
CREATE TABLE staging.base_hubspot__companies AS
SELECT
    "key" AS _key, 'accepted' AS _disposition, _dlt_load_id AS _load_id,
    version AS _version, seq AS _seq, cursor_at::TIMESTAMP AS created_at,
    cursor_at::TIMESTAMP AS updated_at
FROM hubspot.companies;
CREATE TABLE staging.base_hubspot__feedback_submissions AS
SELECT
    "key" AS _key, 'accepted' AS _disposition, _dlt_load_id AS _load_id,
    version AS _version, seq AS _seq, cursor_at::TIMESTAMP AS created_at,
    cursor_at::TIMESTAMP AS updated_at
FROM hubspot.feedback_submissions;
CREATE TABLE staging.base_hubspot__calls AS
SELECT
    "key" AS _key, 'accepted' AS _disposition, _dlt_load_id AS _load_id,
    version AS _version, seq AS _seq, cursor_at::TIMESTAMP AS created_at,
    cursor_at::TIMESTAMP AS updated_at
FROM hubspot.calls;
CREATE TABLE staging.base_hubspot__meetings AS
SELECT
    "key" AS _key, 'accepted' AS _disposition, _dlt_load_id AS _load_id,
    version AS _version, seq AS _seq, cursor_at::TIMESTAMP AS created_at,
    cursor_at::TIMESTAMP AS updated_at
FROM hubspot.meetings;
CREATE TABLE staging.base_hubspot__emails AS
SELECT
    "key" AS _key, 'accepted' AS _disposition, _dlt_load_id AS _load_id,
    version AS _version, seq AS _seq, cursor_at::TIMESTAMP AS created_at,
    cursor_at::TIMESTAMP AS updated_at
FROM hubspot.emails;
CREATE TABLE staging.base_hubspot__notes AS
SELECT
    "key" AS _key, 'accepted' AS _disposition, _dlt_load_id AS _load_id,
    version AS _version, seq AS _seq, cursor_at::TIMESTAMP AS created_at,
    cursor_at::TIMESTAMP AS updated_at
FROM hubspot.notes;
CREATE TABLE staging.base_hubspot__deals AS
SELECT
    id AS _key, 'accepted' AS _disposition, '1709300000.1' AS _load_id,
    1::BIGINT AS _version, 0::BIGINT AS _seq, 'default' AS pipeline_id,
    amount::DECIMAL(18, 2) AS amount, created_at, created_at AS updated_at
FROM (VALUES
    ('81', 1000, TIMESTAMP '2024-01-03 00:00:00'),
    ('82', 500, TIMESTAMP '2024-01-04 00:00:00'),
    ('83', 250, TIMESTAMP '2024-02-21 00:00:00')
) AS deals (id, amount, created_at);
CREATE TABLE staging.base_zendesk_talk__calls AS
SELECT
    "key" AS _key, 'accepted' AS _disposition, _dlt_load_id AS _load_id,
    version AS _version, seq AS _seq, cursor_at::TIMESTAMP AS created_at,
    cursor_at::TIMESTAMP AS updated_at
FROM zendesk_talk.calls;
CREATE TABLE staging.base_trustpilot__reviews AS
SELECT
    "key" AS _key, 'accepted' AS _disposition, false AS is_removed,
    _dlt_load_id AS _load_id, version AS _version, seq AS _seq,
    cursor_at::TIMESTAMP AS created_at, NULL::TIMESTAMP AS updated_at
FROM trustpilot.reviews;
INSERT INTO seeds.metric_modes VALUES
    ('win_rate', 'by_count', 'share'), ('review_rating', 'with_text', 'mean'),
    ('review_reply_rate', 'standard', 'share');
CREATE TABLE intermediate.crm_merges AS
SELECT
    'hubspot' AS source, 'contacts' AS object, '62' AS loser_id, '61' AS winner_id;

CREATE TABLE marts.fct_deals AS
SELECT
    'D' || _key AS deal_key, customer_key, 'A71' AS account_key, 'A21' AS owner_key,
    'hubspot' AS source, _key AS source_id, NULL::VARCHAR AS source_url, pipeline_id,
    'Sales' AS pipeline, stage AS stage_id, stage, 'newbusiness' AS deal_type,
    'EUR' AS currency, amount,
    amount AS amount_reporting, stage <> 'open' AS is_closed, stage = 'won' AS is_won,
    stage = 'lost' AS is_lost, false AS is_deleted, false AS is_merged,
    false AS is_test, created_at, closed_at, created_at AS updated_at
FROM staging.base_hubspot__deals
INNER JOIN (VALUES
    ('81', 'C1', 'won', TIMESTAMP '2024-01-20 00:00:00'),
    ('82', 'C2', 'lost', TIMESTAMP '2024-02-20 00:00:00'),
    ('83', 'C1', 'open', NULL)
) AS stages (id, customer_key, stage, closed_at) ON _key = id;
CREATE TABLE marts.fct_deal_stage_events AS
SELECT
    'E' || source_id || visits.stage AS stage_event_key, deal_key, customer_key,
    account_key, owner_key, source, source_id, source_url, pipeline_id, pipeline,
    visits.stage AS stage_id, visits.stage, is_deleted, is_merged, is_test,
    entered_at::TIMESTAMP AS entered_at, exited_at::TIMESTAMP AS exited_at
FROM marts.fct_deals
INNER JOIN (VALUES
    ('81', 'open', '2024-01-03', '2024-01-20'), ('81', 'won', '2024-01-20', NULL),
    ('82', 'open', '2024-01-04', '2024-02-20'), ('82', 'lost', '2024-02-20', NULL),
    ('83', 'open', '2024-02-21', NULL)
) AS visits (id, stage, entered_at, exited_at) ON source_id = id;
CREATE TABLE marts.fct_reviews AS
SELECT
    'V' || _key AS review_key, customer_key, 'trustpilot' AS source,
    _key AS source_id, NULL::VARCHAR AS source_url, 'trustpilot' AS site,
    'acme.example' AS business_unit, 'Fine' AS title, NULL::VARCHAR AS review_text,
    'en' AS language, rating, CASE WHEN replied_at IS NOT NULL THEN 60.0 END
    AS reply_minutes, true AS is_verified, replied_at IS NOT NULL AS has_reply,
    true AS has_text, false AS is_deleted, false AS is_merged, false AS is_test,
    created_at AS reviewed_at, NULL::TIMESTAMP AS edited_at, replied_at
FROM staging.base_trustpilot__reviews
INNER JOIN (VALUES
    ('W1', 'C1', 5, TIMESTAMP '2024-02-10 11:00:00'), ('W2', NULL, 2, NULL)
) AS written (id, customer_key, rating, replied_at) ON _key = id;
CREATE TABLE marts.dim_accounts AS
SELECT
    'A71' AS account_key, 'hubspot' AS source, '71' AS source_id,
    NULL::VARCHAR AS source_url, 'Acme' AS "name", 'acme.example' AS domain,
    'RETAIL' AS industry, 'Spain' AS country, 'customer' AS lifecycle_stage,
    'A21' AS owner_key, 1 AS count_source_records, 1 AS count_contacts,
    false AS is_deleted, TIMESTAMP '2023-12-01 00:00:00' AS created_at;
INSERT INTO marts.customer_identities VALUES
    ('hubspot', '61', 'C1', 'exact_email', 1), ('hubspot', '62', 'C1', 'vendor_merge', 1),
    ('trustpilot', 'W1', 'C1', 'exact_email', 1);
INSERT INTO marts.fct_interactions BY NAME
SELECT
    'I' || source_id AS interaction_key, customer_key, source, source_id, source_url,
    'review' AS channel, 'inbound' AS direction, 'customer' AS author_role,
    is_deleted, is_merged, is_test, reviewed_at AS occurred_at
FROM marts.fct_reviews;
CREATE OR REPLACE TABLE marts.fct_tickets AS
SELECT *, CASE WHEN customer_key = 'C1' THEN 'A71' END AS account_key
FROM marts.fct_tickets;
CREATE OR REPLACE TABLE marts.customer_360 AS
SELECT *
FROM marts.customer_360
INNER JOIN (VALUES
    ('C1', 'A71', 'A21', 'customer', 2, 1, 1, 1000.00, 1, 5),
    ('C2', NULL, NULL, NULL, 1, 0, 0, 0.00, 0, NULL)
) AS sales (
    customer_key, account_key, owner_key, crm_lifecycle_stage, count_deals,
    count_open_deals, count_won_deals, revenue_to_date, count_reviews,
    last_review_rating
) USING (customer_key);
-- Wilson of 1 of 1: [.206549, 1]; of 0 of 1: [0, .793451]; of 1 of 2: [.094531, .905469].
INSERT INTO marts.metrics_periodic
SELECT
    metric, mode, period_type, period_start, NULL, NULL, NULL, NULL, n, hits, sum_sq,
    CASE WHEN metric <> 'review_rating' THEN hits END,
    CASE WHEN metric <> 'review_rating' THEN n END, 0, 0, "value", NULL, NULL, ci_low,
    ci_high, false, true
FROM (VALUES
    ('win_rate', 'by_count', 'day', DATE '2024-01-20', 1, 1, 1, 1, 0.206549, 1),
    ('win_rate', 'by_count', 'day', DATE '2024-02-20', 1, 0, 0, 0, 0, 0.793451),
    ('win_rate', 'by_count', 'month', DATE '2024-01-01', 1, 1, 1, 1, 0.206549, 1),
    ('win_rate', 'by_count', 'month', DATE '2024-02-01', 1, 0, 0, 0, 0, 0.793451),
    ('review_rating', 'with_text', 'day', DATE '2024-02-10', 1, 5, 25, 5, NULL, NULL),
    ('review_rating', 'with_text', 'day', DATE '2024-02-12', 1, 2, 4, 2, NULL, NULL),
    ('review_rating', 'with_text', 'month', DATE '2024-02-01', 2, 7, 29, 3.5, 1, 5),
    ('review_reply_rate', 'standard', 'day', DATE '2024-02-10', 1, 1, 1, 1, 0.206549, 1),
    ('review_reply_rate', 'standard', 'day', DATE '2024-02-12', 1, 0, 0, 0, 0, 0.793451),
    ('review_reply_rate', 'standard', 'month', DATE '2024-02-01', 2, 1, 1, 0.5, 0.094531, 0.905469),
    ('win_rate', 'by_count', 'week', DATE '2024-01-15', 1, 1, 1, 1, 0.206549, 1),
    ('win_rate', 'by_count', 'week', DATE '2024-02-19', 1, 0, 0, 0, 0, 0.793451),
    ('win_rate', 'by_count', 'quarter', DATE '2024-01-01', 2, 1, 1, 0.5, 0.094531, 0.905469),
    ('review_rating', 'with_text', 'week', DATE '2024-02-05', 1, 5, 25, 5, NULL, NULL),
    ('review_rating', 'with_text', 'week', DATE '2024-02-12', 1, 2, 4, 2, NULL, NULL),
    ('review_rating', 'with_text', 'quarter', DATE '2024-01-01', 2, 7, 29, 3.5, 1, 5),
    ('review_reply_rate', 'standard', 'week', DATE '2024-02-05', 1, 1, 1, 1, 0.206549, 1),
    ('review_reply_rate', 'standard', 'week', DATE '2024-02-12', 1, 0, 0, 0, 0, 0.793451),
    ('review_reply_rate', 'standard', 'quarter', DATE '2024-01-01', 2, 1, 1, 0.5, 0.094531, 0.905469)
) AS figures (metric, mode, period_type, period_start, n, hits, sum_sq, "value", ci_low, ci_high);
INSERT INTO meta.metrics BY NAME
SELECT
    "name", label, 'What it says.' AS definition, unit, 'up' AS direction,
    'creation' AS dated_by, modes, 'team:data' AS "owner"
FROM (VALUES
    ('win_rate', 'Win rate', 'share', 'by_count'),
    ('review_rating', 'Review rating', 'stars', 'with_text'),
    ('review_reply_rate', 'Review reply rate', 'share', 'standard')
) AS metrics ("name", label, unit, modes);
INSERT INTO meta.sources BY NAME
SELECT
    source, stream AS table_name, count(*) AS "rows",
    max(cursor_at)::TIMESTAMP AS last_cursor_at,
    TIMESTAMP '2024-03-02 00:00:00' AS last_loaded_at, 1::BIGINT AS lag_minutes,
    TIMESTAMP '2024-03-02 01:00:00' AS expected_by, 'fresh' AS status
FROM more_envelopes GROUP BY ALL;
DROP TABLE more_envelopes;

-- surveys by mail --------------------------------------------------------------------
-- One survey with two responses, one distribution with one invitation.
CREATE SCHEMA qualtrics;
CREATE TEMP TABLE mailed_envelopes AS
SELECT
    'qualtrics' AS source, stream, "key", parent_key, changed_at AS cursor_at,
    epoch_us(changed_at) AS version,
    row_number() OVER (PARTITION BY stream ORDER BY "key") - 1 AS seq, 'upsert' AS op,
    TIMESTAMPTZ '2024-03-02 00:00:00+00' AS extracted_at, '{}' AS payload,
    '1709300004.1' AS _dlt_load_id
FROM (VALUES
    ('surveys', 'SV1', NULL, TIMESTAMPTZ '2023-12-01 00:00:00+00'),
    ('responses', 'R_1', 'SV1', TIMESTAMPTZ '2024-02-10 10:00:00+00'),
    ('responses', 'R_2', 'SV1', TIMESTAMPTZ '2024-02-12 10:00:00+00'),
    ('distributions', 'EMD_1', 'SV1', TIMESTAMPTZ '2024-02-09 10:00:00+00'),
    ('distribution_history', 'EMD_1:CGC_1', 'EMD_1', TIMESTAMPTZ '2024-02-10 10:00:00+00')
) AS landed (stream, "key", parent_key, changed_at);
INSERT INTO staging.envelopes FROM mailed_envelopes;
CREATE TABLE qualtrics.surveys AS SELECT * EXCLUDE (source, stream) FROM mailed_envelopes WHERE stream = 'surveys';
CREATE TABLE qualtrics.responses AS SELECT * EXCLUDE (source, stream) FROM mailed_envelopes WHERE stream = 'responses';
CREATE TABLE qualtrics.distributions AS SELECT * EXCLUDE (source, stream) FROM mailed_envelopes WHERE stream = 'distributions';
CREATE TABLE qualtrics.distribution_history AS SELECT * EXCLUDE (source, stream) FROM mailed_envelopes WHERE stream = 'distribution_history';
CREATE TABLE qualtrics.pulls AS
SELECT
    stream, 'incremental' AS mode, NULL::TIMESTAMPTZ AS window_from,
    TIMESTAMPTZ '2024-03-02 00:00:00+00' AS window_to,
    TIMESTAMPTZ '2024-03-02 00:00:00+00' AS source_now,
    1::BIGINT AS pages, count(*) AS "rows", 0::BIGINT AS rejected,
    true AS is_complete, _dlt_load_id
FROM mailed_envelopes GROUP BY ALL;
CREATE TABLE qualtrics.rejects AS FROM zendesk.rejects;
INSERT INTO intermediate.expected_sources VALUES ('qualtrics');
INSERT INTO staging.pulls BY NAME
SELECT
    'qualtrics' AS source, stream AS table_name, _dlt_load_id AS load_id, mode,
    window_from::TIMESTAMP AS window_from, window_to::TIMESTAMP AS window_to,
    source_now::TIMESTAMP AS source_now, is_complete
FROM qualtrics.pulls;
INSERT INTO staging.record_counts
SELECT source, stream, _dlt_load_id, count(*), count(*), 0, 0, 0
FROM mailed_envelopes GROUP BY ALL;
CREATE TABLE staging.base_qualtrics__surveys AS
SELECT
    "key" AS _key, 'accepted' AS _disposition, _dlt_load_id AS _load_id,
    version AS _version, seq AS _seq, cursor_at::TIMESTAMP AS created_at,
    cursor_at::TIMESTAMP AS updated_at
FROM qualtrics.surveys;
CREATE TABLE staging.base_qualtrics__distributions AS
SELECT
    "key" AS _key, 'accepted' AS _disposition, _dlt_load_id AS _load_id,
    version AS _version, seq AS _seq, cursor_at::TIMESTAMP AS created_at,
    cursor_at::TIMESTAMP AS updated_at
FROM qualtrics.distributions;
CREATE TABLE staging.base_qualtrics__responses AS
SELECT
    "key" AS _key, 'accepted' AS _disposition, cursor_at::TIMESTAMP AS recorded_at
FROM qualtrics.responses;
INSERT INTO meta.sources BY NAME
SELECT
    source, stream AS table_name, count(*) AS "rows",
    max(cursor_at)::TIMESTAMP AS last_cursor_at,
    TIMESTAMP '2024-03-02 00:00:00' AS last_loaded_at, 1::BIGINT AS lag_minutes,
    TIMESTAMP '2024-03-02 01:00:00' AS expected_by, 'fresh' AS status
FROM mailed_envelopes GROUP BY ALL;
DROP TABLE mailed_envelopes;

-- files: one source, an order ------------------------------------------------------
CREATE SCHEMA files;
CREATE TABLE files.orders AS
SELECT
    'files_shop' AS source, * EXCLUDE (source, stream)
    REPLACE ('O1' AS "key", '1709300003.1' AS _dlt_load_id)
FROM staging.envelopes WHERE stream = 'brands';
CREATE TABLE files.customers AS FROM files.orders WHERE false;
CREATE TABLE files.accounts AS FROM files.orders WHERE false;
CREATE TABLE files.agents AS FROM files.orders WHERE false;
CREATE TABLE files.tickets AS FROM files.orders WHERE false;
CREATE TABLE files.ticket_events AS FROM files.orders WHERE false;
CREATE TABLE files.ticket_comments AS FROM files.orders WHERE false;
CREATE TABLE files.schedules AS FROM files.orders WHERE false;
CREATE TABLE files.holidays AS FROM files.orders WHERE false;
CREATE TABLE files.sla_policies AS FROM files.orders WHERE false;
CREATE TABLE files.calls AS FROM files.orders WHERE false;
CREATE TABLE files.call_legs AS FROM files.orders WHERE false;
CREATE TABLE files.survey_answers AS FROM files.orders WHERE false;
CREATE TABLE files.survey_deliveries AS FROM files.orders WHERE false;
CREATE TABLE files.reviews AS FROM files.orders WHERE false;
CREATE TABLE files.subscriptions AS FROM files.orders WHERE false;
CREATE TABLE files.deals AS FROM files.orders WHERE false;
CREATE TABLE files.deal_stage_events AS FROM files.orders WHERE false;
CREATE TABLE files.campaign_touches AS FROM files.orders WHERE false;
CREATE TABLE files.web_sessions AS FROM files.orders WHERE false;
CREATE TABLE files.pulls AS
SELECT
    'files_shop' AS source,
    * REPLACE ('orders' AS stream, '1709300003.1' AS _dlt_load_id)
FROM zendesk.pulls WHERE stream = 'brands';
CREATE TABLE files.rejects AS SELECT 'files_shop' AS source, * FROM zendesk.rejects;
INSERT INTO staging.pulls BY NAME
SELECT
    source, stream AS table_name, _dlt_load_id AS load_id, mode,
    window_from::TIMESTAMP AS window_from, window_to::TIMESTAMP AS window_to,
    source_now::TIMESTAMP AS source_now, is_complete
FROM files.pulls;
INSERT INTO staging.record_counts VALUES
    ('files_shop', 'orders', '1709300003.1', 1, 1, 0, 0, 0);
CREATE TABLE staging.base_files__customers (
    source VARCHAR, _key VARCHAR, _disposition VARCHAR, response_id VARCHAR,
    requester_id VARCHAR, pipeline VARCHAR, amount DECIMAL(18, 6),
    created_at TIMESTAMP, responded_at TIMESTAMP, reviewed_at TIMESTAMP
);
CREATE TABLE staging.base_files__accounts AS FROM staging.base_files__customers;
CREATE TABLE staging.base_files__tickets AS FROM staging.base_files__customers;
CREATE TABLE staging.base_files__survey_answers AS FROM staging.base_files__customers;
CREATE TABLE staging.base_files__reviews AS FROM staging.base_files__customers;
CREATE TABLE staging.base_files__deals AS FROM staging.base_files__customers;
