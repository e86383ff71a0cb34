-- activation: how many attempts a second a destination is sent, over all instances, and since when it does nothing but fail.
-- Why: a receiver's limit is one for all of our instances; a receiver that has failed for days is not tried for ever.
-- Locks: ACCESS EXCLUSIVE on destination for an instant, no rewrite. Expected size: a row of 50 B for each destination with
--   a rate; unlogged, since a crash may forget it.

alter table destination
    add column rate_per_second int,
    add column failing_since   timestamptz;                -- the first failure after the last success; null: none

-- when the next attempt may start that nobody has reserved yet
create unlogged table delivery_rate (
    destination_id bigint      primary key,
    next_at        timestamptz not null
) with (fillfactor = 20);
