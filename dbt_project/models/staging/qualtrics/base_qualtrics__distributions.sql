{%- set counts = [
    'sent', 'failed', 'started', 'bounced', 'opened', 'skipped', 'finished',
    'complaints', 'blocked'
] -%}
with received as (
    select
        {{ envelope_columns() }},
        parent_key as survey_id,
        {{ record_of('{
            "requestType": "VARCHAR", "requestStatus": "VARCHAR",
            "recipients": {"mailingListId": "VARCHAR"}, "stats": "JSON",
            "sendDate": "VARCHAR", "createdDate": "VARCHAR",
            "modifiedDate": "VARCHAR"
        }') }}
    from {{ source('qualtrics', 'distributions') }}
),

typed as (
    select
        *,
        _key as distribution_id,
        record.recipients.mailinglistid as mailing_list_id,
        record.requesttype as request_type,
        record.requeststatus as request_status,
        {% for name in counts -%}
        {{ typed("record.stats ->> '$." ~ name ~ "'", 'bigint') }}
            as count_{{ name }},
        {% endfor -%}
        {{ utc('record.createddate') }} as created_at,
        {{ utc('record.modifieddate') }} as updated_at,
        {{ utc('record.senddate') }} as sent_at
    from received
),

{{ dispositions(
    'typed',
    parsed={
        'count_sent': "(record.stats ->> '$.sent')",
        'created_at': 'record.createddate',
        'updated_at': 'record.modifieddate',
        'sent_at': 'record.senddate',
    },
    required=['survey_id'],
) }}
