-- activation: where updates go, as people configure it.
-- Why: one row is one receiver; what is written for each event lives in V0081.
-- Locks: nothing that exists. Expected size: tens of rows a workspace.

create sequence destination_id;

create table destination (
    id                bigint primary key,
    workspace_id      int         not null,
    public_id         text        not null unique,
    name              text        not null,
    url               text        not null,
    types             text[]      not null,
    timeout_ms        int         not null,
    max_concurrency   int         not null,
    headers           text        not null,                -- JSON object of strings
    status            text        not null check (status in ('active', 'paused', 'gone', 'disabled')),
    -- AES-256-GCM under the master key named by key_id, associated data = id
    secret            bytea       not null,
    secret_key_id     text        not null,
    old_secret        bytea,
    old_secret_key_id text,
    old_secret_until  timestamptz,
    not_before        timestamptz,                         -- what the receiver's Retry-After asked for
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    deleted_at        timestamptz
);

create index destination_by_workspace on destination (workspace_id, id);
