-- privacy: what counts in a workspace for purposes of which a visitor has said nothing.
-- Why: the law differs from country to country, so that people must be able to set it; what visitors said is in their profiles.
-- Locks: a new table only. Expected size: a row of 1 KB for each workspace that is not content with the default.

create table privacy_consent_policy (
    workspace_id int         primary key,
    for_unknown  json        not null,                     -- by purpose: granted or denied
    changed_by   text        not null,
    changed_at   timestamptz not null
);
