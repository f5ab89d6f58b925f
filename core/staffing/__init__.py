"""How many people the telephones need: arrivals by half hour, queueing formulas, forecast."""
