select customer, clicks_24h from {{ ref('clikcs') }}
