with records as (
    {% for source_name, stream in streams() -%}
    select
        {{ name_of_source(source_name, 'base') }} as source,
        '{{ stream }}' as table_name,
        base._key as key,
        base._load_id as load_id,
        base._reason as reason,
        landed.payload
    from {{ ref('base_' ~ source_name ~ '__' ~ stream) }} as base
    inner join {{ landed(source_name, stream) }} as landed
        on
            base._load_id = landed._dlt_load_id
            and base._seq = landed.seq
            {%- if source_name == 'files' %}
            and base.source = landed.source
            {%- endif %}
    where base._disposition = 'quarantined'
    union all
    {% endfor -%}
    {% for source_name in sources_of_streams() -%}
    select
        {{ name_of_source(source_name) }} as source,
        stream as table_name,
        null as key,
        _dlt_load_id as load_id,
        reason,
        {{ text_of_bytes('body') }} as payload
    from {{ landed(source_name, 'rejects') }}
    union all
    {% endfor -%}
    select
        'typeform' as source,
        'responses.answers' as table_name,
        response_id || ':' || question_ref as key,
        _load_id as load_id,
        _reason as reason,
        answer as payload
    from {{ ref('survey_answers_judged') }}
    where _reason is not null
)

select * from records
