with received as (
    select
        {{ envelope_columns() }},
        {{ record_of('{
            "name": "VARCHAR", "isActive": "VARCHAR", "questions": "JSON",
            "creationDate": "VARCHAR", "lastModifiedDate": "VARCHAR"
        }') }}
    from {{ source('qualtrics', 'surveys') }}
),

typed as (
    select
        *,
        _key as survey_id,
        {{ not_blank('record.name') }} as name,
        {{ json_map('record.questions', 'json') }} as questions,
        {{ typed('record.isactive', 'boolean') }} as is_active,
        {{ utc('record.creationdate') }} as created_at,
        {{ utc('record.lastmodifieddate') }} as updated_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'questions': 'record.questions',
        'is_active': 'record.isactive',
        'created_at': 'record.creationdate',
        'updated_at': 'record.lastmodifieddate',
    },
    required=['name'],
) }}
