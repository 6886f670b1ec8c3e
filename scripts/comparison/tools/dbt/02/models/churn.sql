select customer, clicks_24h, mean_stay from {{ ref('clicks') }}
