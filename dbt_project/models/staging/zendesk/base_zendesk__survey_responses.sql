-- A rating that was skipped has no category; the answers alone carry dates.
with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "responder_id": "VARCHAR", "survey": {"id": "VARCHAR"},
            "subjects": [{"id": "VARCHAR", "type": "VARCHAR"}],
            "answers": [{
                "type": "VARCHAR", "rating": "VARCHAR", "rating_category": "VARCHAR",
                "value": "VARCHAR", "created_at": "VARCHAR", "updated_at": "VARCHAR"
            }]
        }') }}
    from {{ source('zendesk', 'survey_responses') }}
),

picked as (
    select
        *,
        list_filter(
            record.answers, lambda answer: answer.type = 'rating_scale'
        )[1] as rated,
        list_filter(
            record.answers, lambda answer: answer.type = 'open_ended'
        )[1] as said,
        list_filter(
            record.subjects,
            lambda subject: subject.type in ('ticket', 'zen:ticket')
        )[1] as subject
    from received
),

typed as (
    select
        *,
        _key as response_id,
        subject.id as ticket_id,
        record.responder_id as requester_id,
        record.survey.id as survey_id,
        rated.rating_category,
        said.value as comment,
        {{ typed('rated.rating', 'integer') }} as rating,
        list_min(
            list_transform(
                record.answers, lambda answer: {{ utc('answer.created_at') }}
            )
        ) as created_at,
        list_max(
            list_transform(
                record.answers, lambda answer: {{ utc('answer.updated_at') }}
            )
        ) as updated_at
    from picked
),

{{ dispositions(
    'typed',
    parsed={'rating': 'rated.rating'},
    required=['ticket_id', 'created_at', 'updated_at'],
) }}
