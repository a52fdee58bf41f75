/**
 * The tables of a ledger, and the second belt around its invariants: what the code must never do, the file refuses.
 *
 * - `leaf` and `node` are the log and its tree: rows are added, never changed or removed. Leaf n is row n.
 * - `request` has a row for every request that waits or is decided. Its state goes from waiting to approved, denied or
 *   expired, and from nothing, waiting or approved to accepted; accepted, denied and expired are for good. What it asks
 *   never changes; who has signed it may grow once, with its acceptance.
 * - `charge` has one row for every accepted request, made with the acceptance; `share` splits it over investigators.
 * - `charged` has the sums of `charge` and `share` over each scope of a limit, changed with them in one transaction, so that
 *   a limit costs one look-up however many requests there were.
 * - `accounting_due` of a request, set with its acceptance, is when its accounting is due, where it owes one; `accounting`
 *   and `waiver` say what became of that.
 * - `adoption` has a row for each time a policy came in force; the last one is in force.
 * - `unidentified` counts refusals of the hours that are not summed up yet.
 *
 * Times are ISO 8601 in UTC with milliseconds, so the later one is the greater text.
 */

/** Counts up with every change of the tables; kept in the file's `user_version`. */
export const SCHEMA_VERSION = 4;

export const SCHEMA: string = `
  CREATE TABLE leaf (
    position INTEGER PRIMARY KEY CHECK (position >= 0),
    bytes    BLOB    NOT NULL
  ) STRICT;

  CREATE TABLE node (
    level    INTEGER NOT NULL CHECK (level >= 0),
    position INTEGER NOT NULL CHECK (position >= 0),
    hash     BLOB    NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE request (
    sequence     INTEGER PRIMARY KEY,
    request_id   BLOB    NOT NULL UNIQUE CHECK (length(request_id) = 32),
    nonce        BLOB    NOT NULL UNIQUE CHECK (length(nonce) = 32),
    state        TEXT    NOT NULL CHECK (state IN ('waiting', 'approved', 'denied', 'expired', 'accepted')),
    epoch        INTEGER NOT NULL CHECK (epoch > 0),
    requester    TEXT    NOT NULL,
    officials    TEXT    NOT NULL CHECK (json_valid(officials)),
    certifiers   TEXT    NOT NULL CHECK (json_valid(certifiers)),
    statute      TEXT    NOT NULL,
    records      INTEGER NOT NULL CHECK (records > 0),
    elements     INTEGER NOT NULL CHECK (elements > 0),
    envelope     BLOB    NOT NULL,
    suspended_at TEXT,
    expires_at   TEXT,
    decided_at   TEXT,
    approval     BLOB    CHECK (length(approval) = 32),
    approval_envelope BLOB,
    accepted_at  TEXT,
    accepted_by  INTEGER UNIQUE REFERENCES leaf (position),
    accounting_due TEXT  CHECK (accounting_due >= accepted_at),
    completed_at TEXT    CHECK (completed_at >= accepted_at),
    CHECK ((state = 'accepted') = (accepted_at IS NOT NULL)),
    CHECK ((accepted_at IS NULL) = (accepted_by IS NULL)),
    CHECK (completed_at IS NULL OR accepted_at IS NOT NULL),
    CHECK (accounting_due IS NULL OR accepted_at IS NOT NULL),
    CHECK ((suspended_at IS NULL) = (expires_at IS NULL)),
    CHECK (state = 'accepted' OR suspended_at IS NOT NULL),
    CHECK (state NOT IN ('approved', 'denied', 'expired') OR decided_at IS NOT NULL),
    CHECK ((approval IS NULL) = (approval_envelope IS NULL)),
    CHECK ((state IN ('approved', 'denied')) <= (approval IS NOT NULL))
  ) STRICT;
  CREATE INDEX waiting ON request (expires_at) WHERE state = 'waiting';
  CREATE INDEX waiting_of ON request (requester, expires_at) WHERE state = 'waiting';
  CREATE INDEX owing ON request (requester, accounting_due) WHERE accounting_due IS NOT NULL;

  CREATE TABLE charge (
    request   INTEGER PRIMARY KEY REFERENCES request (sequence),
    requester TEXT    NOT NULL,
    epoch     INTEGER NOT NULL CHECK (epoch > 0),
    day       TEXT    NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    statute   TEXT    NOT NULL,
    records   INTEGER NOT NULL CHECK (records > 0)
  ) STRICT;

  CREATE TABLE share (
    request      INTEGER NOT NULL REFERENCES charge (request),
    investigator TEXT    NOT NULL,
    records      INTEGER NOT NULL CHECK (records > 0),
    PRIMARY KEY (request, investigator)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE charged (
    requester TEXT    NOT NULL,
    scope     TEXT    NOT NULL,
    period    TEXT    NOT NULL,
    subject   TEXT    NOT NULL,
    records   INTEGER NOT NULL CHECK (records > 0),
    PRIMARY KEY (requester, scope, period, subject)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE accounting (
    request  INTEGER PRIMARY KEY REFERENCES request (sequence),
    digest   BLOB    NOT NULL CHECK (length(digest) = 32),
    sealed   BLOB    NOT NULL,
    kept_at  TEXT    NOT NULL,
    position INTEGER NOT NULL UNIQUE REFERENCES leaf (position)
  ) STRICT;

  CREATE TABLE waiver (
    request   INTEGER PRIMARY KEY REFERENCES request (sequence),
    digest    BLOB    NOT NULL CHECK (length(digest) = 32),
    envelope  BLOB    NOT NULL,
    waived_at TEXT    NOT NULL,
    position  INTEGER NOT NULL UNIQUE REFERENCES leaf (position)
  ) STRICT;

  CREATE TABLE policy (
    digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
    text   TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE adoption (
    sequence INTEGER PRIMARY KEY,
    digest   BLOB    NOT NULL REFERENCES policy (digest),
    since    TEXT    NOT NULL,
    position INTEGER NOT NULL UNIQUE REFERENCES leaf (position)
  ) STRICT;
  CREATE INDEX adoption_of ON adoption (digest);

  CREATE TABLE epoch (
    epoch_id     BLOB    PRIMARY KEY CHECK (length(epoch_id) = 32),
    number       INTEGER NOT NULL UNIQUE CHECK (number > 0),
    announced_at TEXT    NOT NULL,
    position     INTEGER NOT NULL UNIQUE REFERENCES leaf (position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE unidentified (
    hour     TEXT    PRIMARY KEY,
    refused  INTEGER NOT NULL CHECK (refused > 0),
    unlogged INTEGER NOT NULL CHECK (unlogged BETWEEN 0 AND refused)
  ) STRICT, WITHOUT ROWID;

  ${['leaf', 'node', 'charge', 'share', 'accounting', 'waiver', 'policy', 'adoption', 'epoch'].map(permanent).join('')}

  CREATE TRIGGER request_stays BEFORE DELETE ON request
    BEGIN SELECT RAISE(ABORT, 'rows of request are never removed'); END;
  CREATE TRIGGER request_id_stays BEFORE UPDATE ON request
    WHEN new.sequence <> old.sequence OR new.request_id <> old.request_id OR new.nonce <> old.nonce
    BEGIN SELECT RAISE(ABORT, 'a nonce belongs to one request for good'); END;
  CREATE TRIGGER request_asked_stays BEFORE UPDATE ON request
    WHEN new.epoch <> old.epoch OR new.requester <> old.requester OR new.statute <> old.statute
      OR new.records <> old.records OR new.elements <> old.elements
      OR new.suspended_at IS NOT old.suspended_at OR new.expires_at IS NOT old.expires_at
    BEGIN SELECT RAISE(ABORT, 'what was asked stays as it was'); END;
  CREATE TRIGGER request_signed_stays BEFORE UPDATE ON request
    WHEN (new.envelope <> old.envelope OR new.officials <> old.officials OR new.certifiers <> old.certifiers)
      AND (old.state = 'accepted' OR new.state <> 'accepted')
    BEGIN SELECT RAISE(ABORT, 'what was signed stays as it was'); END;
  CREATE TRIGGER request_decided_stays BEFORE UPDATE ON request
    WHEN old.state <> 'waiting' AND (new.decided_at IS NOT old.decided_at OR new.approval IS NOT old.approval
      OR new.approval_envelope IS NOT old.approval_envelope)
    BEGIN SELECT RAISE(ABORT, 'what was decided stays decided'); END;
  CREATE TRIGGER request_advances BEFORE UPDATE OF state ON request
    WHEN NOT (old.state = 'waiting' OR (old.state = 'approved' AND new.state = 'accepted'))
    BEGIN SELECT RAISE(ABORT, 'what was decided stays decided'); END;
  CREATE TRIGGER acceptance_stays BEFORE UPDATE ON request
    WHEN old.state = 'accepted' AND (old.completed_at IS NOT NULL
      OR new.accepted_at <> old.accepted_at OR new.accepted_by <> old.accepted_by
      OR new.accounting_due IS NOT old.accounting_due)
    BEGIN SELECT RAISE(ABORT, 'what was accepted stays as it was'); END;
  CREATE TRIGGER charged_stays BEFORE DELETE ON charged
    BEGIN SELECT RAISE(ABORT, 'a charge is never given back'); END;
  CREATE TRIGGER charged_grows BEFORE UPDATE ON charged WHEN new.records <= old.records
    BEGIN SELECT RAISE(ABORT, 'a charge is never given back'); END;

  PRAGMA user_version = ${SCHEMA_VERSION};
`;

function permanent(table: string): string {
  return `
  CREATE TRIGGER ${table}_unchanged BEFORE UPDATE ON ${table}
    BEGIN SELECT RAISE(ABORT, 'rows of ${table} are never changed'); END;
  CREATE TRIGGER ${table}_unremoved BEFORE DELETE ON ${table}
    BEGIN SELECT RAISE(ABORT, 'rows of ${table} are never removed'); END;`;
}
