-- What a form says of each question, joined with what the team declared of it.
with top_level as (
    select
        form_id,
        unnest(fields) as field
    from {{ ref('stg_typeform__forms') }}
),

nested as (
    select
        form_id,
        unnest(from_json(field -> '$.properties.fields', '["JSON"]')) as field
    from top_level
),

questions as (
    select
        form_id,
        field ->> '$.id' as question_id,
        coalesce(field ->> '$.ref', field ->> '$.id') as question_ref,
        field ->> '$.title' as title,
        field ->> '$.type' as field_type,
        try_cast(field ->> '$.properties.steps' as integer) as steps,
        coalesce(
            try_cast(field ->> '$.properties.start_at_one' as boolean), false
        ) as starts_at_one
    from (
        select * from top_level
        union all
        select * from nested
    ) as fields
),

scaled as (
    select
        *,
        case
            when field_type = 'nps' then 0
            when field_type = 'rating' or starts_at_one then 1
            when field_type = 'opinion_scale' then 0
        end as scale_min,
        case
            when field_type = 'nps' then 10
            when field_type = 'rating' or starts_at_one then steps
            -- an opinion scale without a declared width has eleven steps
            when field_type = 'opinion_scale' then coalesce(steps, 11) - 1
        end as scale_max
    from questions
)

select
    scaled.form_id,
    scaled.question_id,
    scaled.question_ref,
    scaled.title,
    scaled.field_type,
    scaled.scale_min,
    scaled.scale_max,
    coalesce(
        declared.survey_type,
        case when scaled.field_type = 'nps' then 'NPS' else 'custom' end
    ) as survey_type,
    coalesce(declared.program, 'relational') as program,
    coalesce(declared.is_reversed, false) as is_reversed
from scaled
left join {{ ref('survey_questions') }} as declared
    on
        scaled.question_ref = declared.question_ref
        and declared.source = 'typeform'
