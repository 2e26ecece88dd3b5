select
    visits.stage_event_key,
    deals.deal_key,
    parties.customer_key,
    parties.account_key,
    deals.owner_key,
    deals.source,
    deals.deal_id as source_id,
    deals.source_url,
    visits.pipeline_id,
    visits.pipeline,
    visits.stage_id,
    visits.stage,
    deals.is_deleted,
    deals.is_merged,
    deals.is_test,
    visits.entered_at,
    visits.exited_at
from {{ ref('int_deal_stage_visits') }} as visits
inner join {{ ref('int_deals') }} as deals
    on visits.deal_key = deals.deal_key
inner join {{ ref('int_deal_parties') }} as parties
    on visits.deal_key = parties.deal_key
