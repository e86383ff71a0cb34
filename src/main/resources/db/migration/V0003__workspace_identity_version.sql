-- workspace: the version of the identity configuration that events are stamped with.
-- Why: collect stamps it without asking the database; it is part of the directory every instance holds in memory.
-- Locks: ACCESS EXCLUSIVE on workspace for an instant, no rewrite. Expected size: 4 B a workspace.

alter table workspace add column identity_version int not null default 0;
