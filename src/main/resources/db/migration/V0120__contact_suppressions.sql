-- contact: who must not be contacted, whatever they once allowed.
-- Why: an objection holds for the person, so it is kept by identifier and found through whoever holds that now.
-- Locks: new tables only. Expected size: 300 B a suppression, 100 B for each identifier it names (one, or those of a profile).

create table contact_suppression (
    id               bigint generated always as identity primary key,
    workspace_id     int         not null,
    public_id        text        not null unique,
    identifier_type  text,                                 -- as it was given; null once the person is erased
    identifier_value text,
    profile_id       bigint,                               -- the same
    purposes         text[],                               -- null: all
    reason           text,                                 -- the same as identifier_type
    until            timestamptz,                          -- null: for ever
    created_by       text        not null,
    created_at       timestamptz not null
);

create index contact_suppression_by_workspace on contact_suppression (workspace_id, id);

create table contact_suppressed_identifier (
    workspace_id    int    not null,
    identifier_hash bytea  not null,
    suppression_id  bigint not null,
    primary key (workspace_id, identifier_hash, suppression_id)
);

create index contact_suppressed_identifier_of on contact_suppressed_identifier (suppression_id);

comment on column contact_suppressed_identifier.identifier_hash is 'HMAC-SHA256 of type and value: it still holds when the person is erased, and names nobody';
