/*
 * `marketcross invoice check|show|write`: European invoices on the command line, without database or configuration.
 * Reads files, writes to standard output, keeps nothing. Exit codes: 0 all valid, 1 some invalid, 2 some unreadable, 64 usage.
 */
#ifndef PAYMENTS_INVOICE_INVOICE_COMMAND_H
#define PAYMENTS_INVOICE_INVOICE_COMMAND_H

int invoice_command(int argc, char **argv);

#endif
