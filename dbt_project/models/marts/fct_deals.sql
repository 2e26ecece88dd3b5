select
    deals.deal_key,
    parties.customer_key,
    parties.account_key,
    deals.owner_key,
    deals.source,
    deals.deal_id as source_id,
    deals.source_url,
    deals.pipeline_id,
    deals.pipeline,
    deals.stage_id,
    deals.stage,
    deals.deal_type,
    deals.currency,
    deals.amount,
    deals.amount_reporting,
    deals.is_closed,
    deals.is_won,
    deals.is_lost,
    deals.is_deleted,
    deals.is_merged,
    deals.is_test,
    deals.created_at,
    deals.closed_at,
    deals.expected_close_at,
    deals.updated_at
from {{ ref('int_deals') }} as deals
inner join {{ ref('int_deal_parties') }} as parties
    on deals.deal_key = parties.deal_key
