-- identity: the last link inside a profile, in the order in which links are tried.
-- Why: a link that comes after all links inside the two profiles it joins or leaves apart changes nothing else, so that a
--   batch need not read a cluster of a hundred thousand nodes to add one.
-- Locks: ACCESS EXCLUSIVE on both tables for an instant, no rewrite: of rows that are there it is not known, and their
--   clusters are solved once more. Expected size: 10 B a cluster, 10 B a node. No instance of an older version may run
--   beside it: what that writes leaves these columns behind.

alter table identity_cluster
    add column last_strength smallint not null default 32767,
    add column last_time bigint not null default 0;

alter table identity_node
    add column last_strength smallint not null default 32767,
    add column last_time bigint not null default 0;

comment on column identity_cluster.last_strength is 'of a plain cluster: no link of it comes after this strength and last_time; -1 where it has no link, 32767 where the last is not known';
comment on column identity_node.last_strength is 'of the profile of this id, when it has several nodes and is not alone in its cluster: no link inside it comes after this strength and last_time; 32767 where the last is not known';
