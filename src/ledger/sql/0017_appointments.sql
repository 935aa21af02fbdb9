-- A person is known by the id of the first account; a further account of the same person names it. An account that hangs
-- on an appointment acts within its term alone; those from before act as they did until they are bound to one.
ALTER TABLE ledger.accounts
    ADD COLUMN person uuid REFERENCES ledger.accounts (id),
    ADD COLUMN appointed boolean NOT NULL DEFAULT false;
GRANT UPDATE (appointed) ON ledger.accounts TO minsheng_service;
