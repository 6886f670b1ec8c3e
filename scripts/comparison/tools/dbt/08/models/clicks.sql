select 1 as customer, 24 as clicks_24h
