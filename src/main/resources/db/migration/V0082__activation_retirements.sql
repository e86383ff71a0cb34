-- activation: a profile that was merged can be split off again and live on.
-- Why: the version a profile ended with tells its late messages from those of its new life; the version the
--   survivor had then does the same for the survivor's own end. Chains are followed when read.
-- Locks: delivery_retired_profile, briefly. Expected size: one row for each profile that was ever merged, 60 B.

alter table delivery_retired_profile
    -- rows from before this migration: whatever is late belongs to the survivor
    add column version      bigint not null default 9223372036854775807,
    add column into_version bigint not null default 9223372036854775807;

alter table delivery_retired_profile
    alter column version drop default,
    alter column into_version drop default;

drop index delivery_retired_profile_into;
