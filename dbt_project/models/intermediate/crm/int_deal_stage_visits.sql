-- Every stay of a deal in one stage until as_of; the last one goes on.
with changes as (
    select
        history.deal_id,
        history.stage_id,
        history.changed_at as entered_at,
        lead(history.changed_at) over (
            partition by history.deal_id order by history.changed_at
        ) as exited_at
    from {{ ref('stg_hubspot__deal_stage_history') }} as history
    cross join {{ ref('as_of') }} as as_of
    where history.changed_at <= as_of.as_of
)

select
    changes.deal_id,
    changes.stage_id,
    changes.entered_at,
    changes.exited_at,
    -- the pipeline of the stage: a deal may have come from another one
    coalesce(stages.pipeline_id, deals.pipeline_id) as pipeline_id,
    coalesce(stages.pipeline, deals.pipeline) as pipeline,
    coalesce(stages.stage, changes.stage_id) as stage,
    {{ surrogate_key([
        "'hubspot'", 'changes.deal_id', 'epoch_us(changes.entered_at)',
    ]) }} as stage_event_key
from changes
inner join {{ ref('int_deals') }} as deals
    on changes.deal_id = deals.deal_id
left join {{ ref('int_pipeline_stages') }} as stages
    on changes.stage_id = stages.stage_id
-- a deal whose stage was cleared is in none for a while
where changes.stage_id is not null
qualify row_number() over (
    partition by changes.deal_id, changes.entered_at
    order by
        stages.pipeline_id is distinct from deals.pipeline_id,
        stages.pipeline_id
) = 1
