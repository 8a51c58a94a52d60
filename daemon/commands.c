#include "daemon/commands.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "catalogue/import.h"
#include "daemon/base/xml.h"
#include "daemon/demo.h"
#include "daemon/holidays.h"
#include "daemon/jobs.h"
#include "daemon/migrate.h"
#include "daemon/register.h"
#include "daemon/routes.h"
#include "daemon/supervise.h"
#include "daemon/verify.h"
#include "payments/bank/bank_command.h"
#include "payments/invoice/invoice_command.h"

struct command {
    const char *name;
    command_fn *run;
    const char *usage, *about;
};

static int run_version(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    puts("marketcross 0.1");
    return 0;
}

static const struct command commands[] = {
    {"serve", serve_command, "[FILE] [--set KEY=VALUE]...", "serve the site"},
    {"-n", check_command, "[FILE] [--set KEY=VALUE]...", "check a configuration"},
    {"config", config_command, "print|sample [FILE]", "print the configuration, or the annotated sample"},
    {"routes", routes_command, "", "print every route: method, pattern, who, input, feature, handler (its plan and render functions)"},
    {"jobs", jobs_command, "--once [--database CONNINFO]", "one round of background work"},
    {"verify", verify_command, "[--database CONNINFO] [--anchor FILE] [--json]", "prove that log and ledger are whole"},
    {"demo", demo_command, "load|people|story ...", "the invented demonstration town"},
    {"import", import_command, "entries|postcodes [OPTION...] FILE.csv...", "bring published lists into the catalogue"},
    {"holidays", holidays_command, "[--database CONNINFO] FILE.csv", "add bank holidays: columns date and name"},
    {"register", register_command, "KIND [--database CONNINFO] FILE.csv", "councils, bank accounts, organisations, people, roles, outcomes or agreed prices from a list"},
    {"version", run_version, "", "print the version"},
    {"invoice", invoice_command, "check|show|write [OPTION…] FILE…", "judge, read and write European invoices"},
    {"migrate", migrate_command, "--database CONNINFO [--dry-run]", "bring the database to this program's schema"},
    {"statement", statement_command, "read --json FILE…", "read bank statements (camt.052/053/054, MT940, CSV)"},
    {"reconcile", reconcile_command, "match --json --expected FILE --entries FILE", "match bank entries to expected items"},
};

static int usage(FILE *out)
{
    fputs("Usage: marketcross COMMAND [OPTION…]\n\n", out);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fprintf(out, "  %-10s %-50s %s\n", commands[i].name, commands[i].usage, commands[i].about);
    return EX_USAGE;
}

int command_run(int argc, char **argv)
{
    if (argc < 2)
        return usage(stderr);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        usage(stdout);
        return 0;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    fprintf(stderr, "marketcross: unknown command \"%s\"\n", argv[1]);
    return usage(stderr);
}
