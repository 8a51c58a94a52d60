#include <stdio.h>
#include <sysexits.h>

#include "daemon/commands.h"

int main(int argc, char **argv)
{
    return command_run(argc, argv);
}
