-- One row per answer; an answer outside of its question's scale is quarantined.
with answers as (
    select
        response_id,
        form_id,
        _load_id,
        unnest(answers) as answer
    from {{ ref('stg_typeform__responses') }}
),

typed as (
    select
        answers.response_id,
        answers.form_id,
        answers._load_id,
        answers.answer.field.id as question_id,
        coalesce(answers.answer.field.ref, answers.answer.field.id)
            as question_ref,
        answers.answer.number as raw_number,
        try_cast(answers.answer.number as decimal(9, 2)) as number,
        coalesce(
            answers.answer.text,
            answers.answer.choice.label
        ) as answer_text,
        cast(answers.answer as varchar) as answer
    from answers
),

described as (
    select
        typed.*,
        questions.survey_type,
        questions.program,
        questions.scale_min,
        questions.scale_max,
        questions.is_reversed,
        questions.question_id is not null as is_known_question
    from typed
    left join {{ ref('survey_questions_declared') }} as questions
        on
            typed.form_id = questions.form_id
            and typed.question_id = questions.question_id
)

select
    *,
    case
        when not is_known_question then 'unknown_question'
        when raw_number is not null and number is null then 'bad_number'
        when number < scale_min or number > scale_max then 'out_of_scale'
        when survey_type in ('NPS', 'CSAT', 'CES') and number <> trunc(number)
            then 'not_an_integer'
    end as _reason,
    -- reversed scales are flipped here, once, so that high is good everywhere
    case
        when is_reversed then scale_min + scale_max - number
        else number
    end as score
from described
