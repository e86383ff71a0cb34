-- activation: deliveries sent again because somebody asked for it.
-- Why: a receiver that lost what it was sent, or was down for longer than retries go on, gets it again; the job goes on
--   after a crash from its cursor.
-- Locks: nothing that exists. Expected size: a row of 200 B for each replay that was ever asked for.

create sequence delivery_replay_id;

create table delivery_replay (
    id             bigint      primary key default nextval('delivery_replay_id'),
    workspace_id   int         not null,
    public_id      text        not null unique,
    destination_id bigint      not null,
    -- which deliveries: ids in (cursor, last_id], created in [from_at, to_at), failed ones only or all
    last_id        bigint      not null,
    cursor         bigint      not null,
    from_at        timestamptz,
    to_at          timestamptz,
    failed_only    boolean     not null,
    status         text        not null check (status in ('running', 'paused', 'done', 'cancelled')),
    sent           int         not null default 0,
    failed         int         not null default 0,
    skipped        int         not null default 0,
    lease_token    uuid,
    lease_until    timestamptz,
    created_at     timestamptz not null,
    finished_at    timestamptz
);

create index delivery_replay_running on delivery_replay (id) where status = 'running';
create index delivery_replay_of_destination on delivery_replay (workspace_id, destination_id, id);
