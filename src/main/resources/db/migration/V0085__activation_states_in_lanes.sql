-- activation: a state is a row of delivery only once it was tried; until then its lane has all there is to know.
-- Why: a webhook cost three versions of its row, with the body in two of them; now it costs one
--   (docs/decisions/0007).
-- Locks: ACCESS EXCLUSIVE on both tables for as long as their indexes are built. Expected size: delivery_lane
--   16 B more each; an index entry for each state that is owed.

alter table delivery_lane
    add column state_position bigint,                      -- null: the state was tried, delivery has its row
    add column state_since    timestamptz;                 -- when the state was accepted

update delivery_lane l
set wanted_version = greatest(l.wanted_version, d.version), wanted_at = coalesce(l.wanted_at, d.caused_at),
    state_position = case when d.attempts = 0 then d.position end, state_since = d.created_at
from delivery d
where d.workspace_id = l.workspace_id and d.id = l.state_id;

delete from delivery where status = 'pending' and item < 0 and attempts = 0;

alter table delivery
    alter column webhook_id drop not null,                 -- null: never sent, like the body
    drop constraint delivery_workspace_id_profile_id_destination_id_version_ite_key;

-- of event items; for states the wanted version of the lane does the same
create unique index delivery_message
    on delivery (workspace_id, profile_id, destination_id, version, item) where item >= 0;

drop index delivery_live;
create index delivery_live on delivery (workspace_id, lane_profile_id, destination_id, position)
    include (created_at, item) where status = 'pending';

-- the list of what is owed, and its count and age
create index delivery_lane_state on delivery_lane (workspace_id, state_id) include (state_since)
    where state_id is not null;
