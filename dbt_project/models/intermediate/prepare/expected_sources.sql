-- The sources that a release must hold: required, and used by this company.
select source
from {{ ref('sources') }}
where is_required and {{ is_used_source('source') }}
