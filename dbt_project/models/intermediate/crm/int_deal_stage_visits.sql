-- Every stay of a deal in one stage until as_of; the last one goes on.
with history as (
    select
        {{ surrogate_key(["'hubspot'", 'deal_id']) }} as deal_key,
        'hubspot' as source,
        deal_id,
        null as pipeline,
        stage_id,
        changed_at as entered_at
    from {{ ref('stg_hubspot__deal_stage_history') }}
    union all
    select
        {{ surrogate_key(['source', 'deal_id']) }} as deal_key,
        source,
        deal_id,
        pipeline,
        stage as stage_id,
        entered_at
    from {{ ref('stg_files__deal_stage_events') }}
    where not is_deleted
),

changes as (
    select
        history.*,
        lead(history.entered_at) over (
            partition by history.deal_key order by history.entered_at
        ) as exited_at
    from history
    cross join {{ ref('as_of') }} as as_of
    where history.entered_at <= as_of.as_of
)

select
    changes.deal_key,
    changes.stage_id,
    changes.entered_at,
    changes.exited_at,
    -- the pipeline of the stage: a deal may have come from another one
    coalesce(changes.pipeline, stages.pipeline_id, deals.pipeline_id)
        as pipeline_id,
    coalesce(changes.pipeline, stages.pipeline, deals.pipeline) as pipeline,
    coalesce(stages.stage, changes.stage_id) as stage,
    {{ surrogate_key([
        'changes.source', 'changes.deal_id', 'epoch_us(changes.entered_at)',
    ]) }} as stage_event_key
from changes
inner join {{ ref('int_deals') }} as deals
    on changes.deal_key = deals.deal_key
left join {{ ref('int_pipeline_stages') }} as stages
    on changes.stage_id = stages.stage_id and changes.source = 'hubspot'
-- a deal whose stage was cleared is in none for a while
where changes.stage_id is not null
qualify row_number() over (
    partition by changes.deal_key, changes.entered_at
    order by
        stages.pipeline_id is distinct from deals.pipeline_id,
        stages.pipeline_id
) = 1
