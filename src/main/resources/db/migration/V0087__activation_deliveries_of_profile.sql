-- activation: deliveries by profile.
-- Why: an erasure takes a profile's deliveries out of the log, and the log is searched by profile.
-- Locks: SHARE on delivery while the index is built: no delivery is written meanwhile (a minute for ten million rows).
-- Expected size: 40 B a delivery.

create index delivery_of_profile on delivery (workspace_id, lane_profile_id, id);

comment on column delivery_retired_profile.into_profile is 'who went on; 0 when the profile was erased';
