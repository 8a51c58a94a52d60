#include "daemon/commands.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/base/xml.h"
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
    {"version", run_version, "", "print the version"},
    {"invoice", invoice_command, "check|show|write [OPTION…] FILE…", "judge, read and write European invoices"},
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
