-- The stages of every deal pipeline.
with stages as (
    select
        pipeline_id,
        label as pipeline,
        unnest(stages) as stage
    from {{ ref('stg_hubspot__pipelines') }}
)

select
    pipeline_id,
    pipeline,
    stage.id as stage_id,
    stage.label as stage,
    coalesce({{ typed('stage.metadata.isclosed', 'boolean') }}, false)
        as is_closed,
    coalesce(
        {{ typed('stage.metadata.isclosed', 'boolean') }}
        and {{ typed('stage.metadata.probability', 'decimal(9, 4)') }} = 1,
        false
    ) as is_won
from stages
