/*
 * The command line of the bank library: `marketcross statement read` and `marketcross reconcile match`, without a database.
 * Each writes JSON lines on standard output. Exit 0; 2 when a file was unreadable; 64 for wrong usage.
 */
#ifndef PAYMENTS_BANK_BANK_COMMAND_H
#define PAYMENTS_BANK_BANK_COMMAND_H

int statement_command(int argc, char **argv);
int reconcile_command(int argc, char **argv);

#endif
