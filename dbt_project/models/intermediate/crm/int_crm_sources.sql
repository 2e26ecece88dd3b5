-- The sources that are a CRM: HubSpot, and files that tell of sales.
select 'hubspot' as source
union
select source
from {{ ref('stg_files__deals') }}
union
select source
from {{ ref('stg_files__customers') }}
where lifecycle_stage is not null or owner_id is not null
