/*
 * The main job of a running demonstration, told at a terminal: somebody finds support, asks for it, it comes, it is billed, paid and followed.
 * Every line is read from the server's own pages as the people of the town see them; nothing is kept here. The telling stops at the first step
 * that does not hold, and says which and why.
 */
#ifndef DAEMON_STORY_H
#define DAEMON_STORY_H

/* Returns 0 when every step held, 1 when one did not. */
int story_tell(const char *base_url);

#endif
