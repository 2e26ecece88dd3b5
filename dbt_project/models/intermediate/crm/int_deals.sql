-- Deals known at as_of, from every CRM: won, lost or open, and worth what.
with rates as (
    select
        currency,
        rate,
        valid_from,
        lead(valid_from) over (partition by currency order by valid_from)
            as valid_to
    from {{ ref('exchange_rates') }}
),

hubspot_deals as (
    select
        'hubspot' as source,
        deals.deal_id,
        deals.pipeline_id,
        coalesce(stages.pipeline, deals.pipeline_id) as pipeline,
        deals.stage_id,
        coalesce(stages.stage, deals.stage_id) as stage,
        deals.deal_type,
        deals.currency,
        deals.owner_id,
        coalesce(deals.url, {{ hubspot_url('0-3', 'deals.deal_id') }})
            as source_url,
        deals.amount,
        -- what the deal says of itself, else what its stage means
        coalesce(deals.is_closed, deals.is_won, stages.is_closed, false)
            as is_closed,
        coalesce(deals.is_won, stages.is_won, false) as is_won,
        deals.is_deleted,
        false as is_test,
        deals.close_at,
        deals.close_at as expected_close_at,
        deals.created_at,
        deals.updated_at
    from {{ ref('stg_hubspot__deals') }} as deals
    left join {{ ref('int_pipeline_stages') }} as stages
        on
            deals.pipeline_id = stages.pipeline_id
            and deals.stage_id = stages.stage_id
),

file_deals as (
    select
        source,
        deal_id,
        coalesce(pipeline, 'sales') as pipeline_id,
        coalesce(pipeline, 'sales') as pipeline,
        coalesce(stage, 'unknown') as stage_id,
        coalesce(stage, 'unknown') as stage,
        deal_type,
        upper(currency) as currency,
        owner_id,
        url as source_url,
        cast(amount as decimal(18, 2)) as amount,
        coalesce(is_closed, is_won, closed_at is not null) as is_closed,
        coalesce(is_won, false) as is_won,
        is_deleted,
        coalesce(is_test, false) as is_test,
        closed_at as close_at,
        expected_close_at,
        created_at,
        updated_at
    from {{ ref('stg_files__deals') }}
),

deals as (
    select * from hubspot_deals
    union all
    select * from file_deals
),

judged as (
    select
        deals.* exclude (currency),
        as_of.as_of,
        coalesce(deals.currency, '{{ var("home_currency") }}') as currency,
        crm_merges.loser_id is not null as is_merged
    from deals
    cross join {{ ref('as_of') }} as as_of
    left join {{ ref('crm_merges') }} as crm_merges
        on
            deals.source = crm_merges.source
            and deals.deal_id = crm_merges.loser_id
            and crm_merges.object = 'deals'
    where deals.created_at <= as_of.as_of
),

dated as (
    select
        * exclude (is_won, close_at, expected_close_at),
        is_closed and is_won as is_won,
        is_closed and not is_won as is_lost,
        case when is_closed then close_at end as closed_at,
        case when not is_closed then expected_close_at end as expected_close_at,
        -- an open deal is worth what it would fetch at as_of
        cast(
            coalesce(case when is_closed then close_at end, as_of) as date
        ) as valued_on
    from judged
)

select
    dated.* exclude (is_test),
    {{ surrogate_key(['dated.source', 'dated.deal_id']) }} as deal_key,
    {{ surrogate_key(['dated.source', 'dated.owner_id']) }} as owner_key,
    dated.is_test or list_has_any(
        [lower(dated.pipeline_id), lower(dated.pipeline)],
        {{ var('test_pipelines') | map('lower') | list }}
    ) as is_test,
    case
        when dated.currency = '{{ var("reporting_currency") }}'
            then dated.amount
        else {{ converted('dated.amount', 'rates.rate') }}
    end as amount_reporting
from dated
left join rates
    on
        dated.currency = rates.currency
        and dated.valued_on >= rates.valid_from
        and (dated.valued_on < rates.valid_to or rates.valid_to is null)
