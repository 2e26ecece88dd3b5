with received as (
    select
        {{ envelope_columns() }},
        parent_key as form_id,
        {{ record_of('{
            "landed_at": "VARCHAR", "submitted_at": "VARCHAR",
            "response_type": "VARCHAR", "hidden": "JSON", "answers": "JSON"
        }') }}
    from {{ source('typeform', 'responses') }}
),

typed as (
    select
        *,
        _key as response_id,
        record.response_type,
        record.hidden ->> '$.email' as hidden_email,
        record.hidden ->> '$.ticket_id' as hidden_ticket_id,
        from_json(record.answers, '[{
            "field": {"id": "VARCHAR", "ref": "VARCHAR", "type": "VARCHAR"},
            "type": "VARCHAR", "text": "VARCHAR", "number": "VARCHAR",
            "email": "VARCHAR", "choice": {"label": "VARCHAR"}
        }]') as answers,
        {{ utc('record.landed_at') }} as landed_at,
        -- the vendor writes the year 1 where nothing was submitted
        nullif(
            {{ utc('record.submitted_at') }}, timestamp '0001-01-01 00:00:00'
        )
            as submitted_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'answers': 'record.answers',
        'landed_at': 'record.landed_at',
    },
    required=['form_id', 'landed_at'],
) }}
