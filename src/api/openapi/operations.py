"""All operations of the API reference, grouped by who uses them, at most MOST to a group."""

from api.operations import (
    DECISIONS,
    EVALUATION,
    HONOURS,
    ORGANISATION,
    PERSONAL_DATA,
    PROGRAMME,
    REGISTER,
    SELECTION,
    SUPERVISION,
    TREASURY,
    Group,
)
from ledger.commands.served import Operation

MOST = 20

PUBLIC = Group(
    "Public",
    "Projects, organisations and programmes as everybody may read them, and reports about them. No account is needed; "
    "with one, some answers hold more.",
    {
        "GET /v1/projects": Operation("list_projects", "List projects"),
        "GET /v1/projects/{project_id}": Operation("get_project", "Get a project as it stands now"),
        "GET /v1/projects/{project_id}/history": Operation("get_project_history", "List the events of a project"),
        "GET /v1/projects/{project_id}/state": Operation("get_project_state", "Get a project as of two dates"),
        "GET /v1/projects/{project_id}/diff": Operation("compare_project_states", "Compare two states of a project"),
        "GET /v1/projects/{project_id}/money": Operation("get_project_money", "Trace the money of a project"),
        "GET /v1/projects/{project_id}/due": Operation("list_project_due", "List what is due from a project"),
        "GET /v1/projects/{project_id}/certificates/{version}": Operation("get_certificate", "Check a certificate"),
        "GET /v1/projects/{project_id}/sample-frame": Operation("get_sample_frame", "Get the sampling frame"),
        "GET /v1/projects/{project_id}/public-reports": Operation("list_public_reports", "List public reports"),
        "POST /v1/projects/{project_id}/public-reports": Operation("create_public_report", "Report about a project"),
        "POST /v1/projects/{project_id}/public-objections": Operation(
            "object_publicly", "Object to what is shown, as anybody"
        ),
        "GET /v1/public-reports/{report_id}": Operation("get_public_report", "See what became of one's own report"),
        "GET /v1/attachments/{sha256}": Operation("download_attachment", "Download an attachment"),
        "GET /v1/projects/{project_id}/photographs/{version}": Operation("get_photograph", "Get a photograph"),
        "GET /v1/organisations": Operation("list_organisations", "List organisations"),
        "GET /v1/organisations/{organisation_id}": Operation("get_organisation", "Get an organisation"),
        "GET /v1/organisations/{organisation_id}/history": Operation(
            "get_organisation_history", "List the events of an organisation and its projects"
        ),
        "GET /v1/organisations/{organisation_id}/archive": Operation(
            "download_organisation_archive", "Download the archive of an organisation"
        ),
        "GET /v1/organisations/{organisation_id}/credit": Operation(
            "get_credit_record", "Get the credit record of an organisation"
        ),
    },
)
PROGRAMMES = Group(
    "Programmes",
    "Rules, figures, rankings and printed forms of a programme, for everybody and for those who run it.",
    {
        "GET /v1/appointments": Operation("list_appointments", "List who held which role on a day"),
        "GET /v1/appointments/history": Operation("get_appointment_history", "List the appointments to a role"),
        "GET /v1/notices": Operation("list_open_notices", "List what anybody may object to now"),
        "GET /v1/programmes": Operation("list_programmes", "List programmes"),
        "GET /v1/programmes/{programme}": Operation("get_programme", "Get the rules of a programme"),
        "GET /v1/programmes/{programme}/statistics": Operation("get_statistics", "Get figures by group"),
        "GET /v1/programmes/{programme}/briefing": Operation("get_briefing", "Get the briefing of a period"),
        "GET /v1/programmes/{programme}/rankings/{honour}": Operation("get_ranking", "Get the ranking for an honour"),
        "GET /v1/programmes/{programme}/nominations": Operation("list_nominations", "List nominations for an honour"),
        "GET /v1/programmes/{programme}/due": Operation("list_programme_due", "List what is due in a programme"),
        "GET /v1/programmes/{programme}/forms/application.pdf": Operation(
            "print_blank_application", "Print a blank application form"
        ),
        "GET /v1/programmes/{programme}/forms/summary.pdf": Operation("print_summary", "Print the list of projects"),
        "GET /v1/programmes/{programme}/forms/briefing.pdf": Operation("print_briefing", "Print the briefing"),
        "GET /v1/projects/{project_id}/forms/application.pdf": Operation(
            "print_application", "Print the application form"
        ),
        "GET /v1/projects/{project_id}/forms/progress.pdf": Operation("print_progress", "Print a progress form"),
        "GET /v1/projects/{project_id}/forms/contract.pdf": Operation("print_contract", "Print the contract"),
        "GET /v1/projects/{project_id}/forms/certificate.pdf": Operation("print_certificate", "Print a certificate"),
    },
)
TABLES = Group(
    "Tables",
    "Tables in Excel that officials and organisations take out, fill in and send back; errors come by row and cell.",
    {
        "GET /v1/programmes/{programme}/tables/applications.xlsx": Operation(
            "export_applications", "Export applications as a table"
        ),
        "POST /v1/programmes/{programme}/tables/applications": Operation(
            "import_applications", "Import applications from a table"
        ),
        "GET /v1/programmes/{programme}/tables/progress.xlsx": Operation(
            "export_progress", "Export progress reports as a table"
        ),
        "POST /v1/programmes/{programme}/tables/progress": Operation(
            "import_progress", "Import progress reports from a table"
        ),
        "GET /v1/programmes/{programme}/tables/decisions.xlsx": Operation(
            "export_decisions", "Export the projects to be decided on as a table"
        ),
        "POST /v1/programmes/{programme}/tables/decisions": Operation(
            "import_decisions", "Import decisions from a table"
        ),
        "GET /v1/programmes/{programme}/tables/contracts.xlsx": Operation(
            "export_contracts", "Export the contracts to be signed as a table"
        ),
        "POST /v1/programmes/{programme}/tables/contracts": Operation(
            "import_contracts", "Import contracts from a table"
        ),
        "GET /v1/programmes/{programme}/tables/acceptances.xlsx": Operation(
            "export_acceptances", "Export the reports to be accepted as a table"
        ),
        "POST /v1/programmes/{programme}/tables/acceptances": Operation(
            "import_acceptances", "Import acceptances from a table"
        ),
    },
)
AUDITOR = Group(
    "Auditors",
    "What departs from the regular course, and what only auditors, the office and the leading group read.",
    {
        "GET /v1/audit/late-entries": Operation("list_late_entries", "List late entries"),
        "GET /v1/audit/exceptions": Operation("list_exceptions", "List exceptions"),
        "GET /v1/audit/pairs": Operation("list_pairs", "List repeated pairs of judge and organisation"),
        "GET /v1/audit/clock-acceptances": Operation("list_clock_acceptances", "List accepted clocks"),
        "GET /v1/audit/refusals": Operation("list_refused_attempts", "List refused attempts"),
        "GET /v1/audit/sealed-reads": Operation("list_sealed_reads", "List who opened sealed values"),
        "POST /v1/audit/sealed-values": Operation("open_sealed_value", "Open a sealed value, for a reason"),
        "GET /v1/audit/money": Operation("audit_money", "Audit money"),
        "GET /v1/projects/{project_id}/findings": Operation("list_findings", "List findings in a project's history"),
        "GET /v1/projects/{project_id}/interests": Operation("list_interests", "List declared interests"),
        "GET /v1/projects/{project_id}/feedback": Operation("list_feedback", "List answers of beneficiaries"),
        "GET /v1/programmes/{programme}/competition": Operation("get_competition", "Get the table of entries"),
        "GET /v1/redactions": Operation("list_redactions", "List redactions"),
    },
)
ADMINISTRATOR = Group(
    "Administrators",
    "Accounts: who holds them, and how holders get in.",
    {
        "POST /v1/accounts": Operation("open_account", "Open an account"),
        "GET /v1/accounts": Operation("list_accounts", "List accounts"),
        "GET /v1/accounts/{account_id}": Operation("get_account", "Get an account"),
        "POST /v1/accounts/{account_id}/invitations": Operation("invite_holder", "Invite an account's holder"),
        "POST /v1/accounts/{account_id}/binding": Operation("bind_account", "Bind an account to an appointment"),
        "POST /v1/accounts/{account_id}/revocation": Operation(
            "lock_account_out", "End an account's tokens and sessions"
        ),
        "POST /v1/accounts/{account_id}/closure": Operation("close_account", "Close an account"),
        "GET /v1/audit/role-grants": Operation("list_role_grants", "List what was done with accounts"),
    },
)
CREDIT = Group(
    "Credit system",
    "Credit records without gaps, and webhooks that deliver them.",
    {
        "POST /v1/token": Operation("get_token", "Get a token for a client's secret"),
        "GET /v1/credit/changes": Operation("list_credit_changes", "List changes of credit records"),
        "GET /v1/credit/digests": Operation("list_credit_digests", "List digests to reconcile by"),
        "GET /v1/credit/acks": Operation("list_credit_acks", "List acknowledgements"),
        "POST /v1/credit/acks": Operation("acknowledge_credit_changes", "Acknowledge changes"),
        "POST /v1/webhooks": Operation("create_webhook", "Create a webhook"),
        "GET /v1/webhooks": Operation("list_webhooks", "List webhooks"),
        "GET /v1/webhooks/{webhook_id}": Operation("get_webhook", "Get a webhook"),
        "POST /v1/webhooks/{webhook_id}/end": Operation("end_webhook", "End a webhook"),
        "POST /v1/webhooks/{webhook_id}/secrets": Operation("rotate_webhook_secret", "Rotate the secret"),
        "POST /v1/webhooks/{webhook_id}/tests": Operation("send_webhook_test", "Send a test message"),
        "GET /v1/webhooks/{webhook_id}/deliveries": Operation("list_deliveries", "List deliveries"),
        "POST /v1/webhooks/{webhook_id}/replays": Operation("replay_dead_letters", "Replay dead letters"),
    },
)
OPEN_DATA = Group(
    "Open data and feeds",
    "Everything public to take away: OCDS, 360Giving, tables and the feed.",
    {
        "GET /v1/feed": Operation("read_feed", "Read the feed"),
        "GET /v1/feed/stream": Operation("stream_feed", "Stream the feed"),
        "GET /v1/projects/facets": Operation("count_projects", "Count projects by facet"),
        "GET /feed.atom": Operation("read_atom_feed", "Read the feed as Atom"),
        "GET /feed.json": Operation("read_json_feed", "Read the feed as JSON Feed"),
        "GET /ocds/releases.json": Operation("export_ocds_releases", "Export OCDS releases"),
        "GET /ocds/records.json": Operation("export_ocds_records", "Export OCDS records"),
        "GET /ocds/extension/extension.json": Operation("get_ocds_extension", "Get the OCDS extension"),
        "GET /ocds/extension/{schema}": Operation("get_ocds_extension_schema", "Get a schema of the extension"),
        "GET /ocds/extension/codelists/{codelist}": Operation(
            "get_ocds_extension_codelist", "Get a codelist of the extension"
        ),
        "GET /360giving.json": Operation("export_360giving", "Export grants as 360Giving"),
        "GET /exports/registry.zip": Operation("export_registry", "Export all tables as a ZIP"),
        "GET /exports/{table}.csv": Operation("export_table_csv", "Export a table as CSV"),
        "GET /exports/{table}.xlsx": Operation("export_table_xlsx", "Export a table as Excel"),
        "GET /exports/{table}.parquet": Operation("export_table_parquet", "Export a table as Parquet"),
        "GET /exports/datapackage.json": Operation("get_data_package", "Get the data package"),
        "GET /catalog.jsonld": Operation("get_catalogue", "Get the data catalogue"),
    },
)
VERIFIER = Group(
    "Log verifiers",
    "The transparency log: checkpoints, tiles, entries and proofs (C2SP tlog-tiles).",
    {
        "GET /log/checkpoint": Operation("get_checkpoint", "Get the newest checkpoint"),
        "GET /log/key": Operation("get_log_keys", "Get the log's keys"),
        "GET /log/tile/{path}": Operation("get_tile", "Get a tile of hashes"),
        "GET /log/tile/entries/{path}": Operation("get_entry_bundle", "Get a bundle of entries"),
        "GET /log/proof/{position}": Operation("get_proof", "Get an inclusion proof"),
        "GET /log/events/{position}": Operation("get_event_bytes", "Get the stored bytes of an event"),
        "GET /log/openings/{position}": Operation("get_opening", "Get what opens a veiled entry"),
        "GET /log/payloads/{path}": Operation("get_payload_bundle", "Get a bundle of public payloads"),
        "GET /log/previous": Operation("list_log_restarts", "List restarts of the log"),
        "GET /log/lost/{generation}": Operation("get_lost_hashes", "Get leaf hashes from before a restart"),
        "GET /log/timestamps/{size}": Operation("get_timestamp", "Get the timestamp of a checkpoint"),
    },
)
OPERATOR = Group(
    "Operators",
    "Whether the service runs, and how.",
    {
        "GET /healthz": Operation("check_alive", "Check that the process answers"),
        "GET /readyz": Operation("check_ready", "Check that the service is ready"),
        "GET /metrics": Operation("get_metrics", "Get metrics"),
    },
)
GROUPS = (
    PUBLIC,
    PROGRAMMES,
    ORGANISATION,
    PROGRAMME,
    SELECTION,
    SUPERVISION,
    REGISTER,
    DECISIONS,
    HONOURS,
    EVALUATION,
    TREASURY,
    PERSONAL_DATA,
    TABLES,
    AUDITOR,
    ADMINISTRATOR,
    CREDIT,
    OPEN_DATA,
    VERIFIER,
    OPERATOR,
)
