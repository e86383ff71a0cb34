-- privacy: requests to forget people, and the proof that it was done.
-- Why: an erasure outlives a crash between two of its steps; what is kept of it names nobody.
-- Locks: new tables only. Expected size: 200 B a request and 100 B a person.

create table privacy_erasure (
    id           bigint generated always as identity primary key,
    workspace_id int         not null,
    public_id    text        not null unique,
    suppress     boolean     not null,
    requested_by text        not null,
    requested_at timestamptz not null
);

create index privacy_erasure_by_workspace on privacy_erasure (workspace_id, id);

create table privacy_erasure_person (
    workspace_id int         not null,
    erasure_id   bigint      not null,
    number       int         not null,
    status       text        not null check (status in ('waiting', 'ended', 'done')),
    type         text,                                     -- who; null from the first step on
    value        text,
    profile_id   bigint,                                   -- null: nobody held the identifier
    erased_at    timestamptz,                              -- what happened until then is forgotten
    identifiers  int         not null default 0,
    events       bigint      not null default 0,
    rows         bigint      not null default 0,           -- states, deliveries, parked records
    nodes        bigint[],                                 -- whose rows are left; null when done
    profiles     bigint[],
    emptied_in   xid8,                                     -- older transactions may still write of them
    parked_after bigint      not null default 0,           -- parked records looked at so far
    next_try_at  timestamptz,                              -- after a failure
    finished_at  timestamptz,
    primary key (erasure_id, number)
);

create index privacy_erasure_person_left on privacy_erasure_person (erasure_id, number)
    where status <> 'done';
