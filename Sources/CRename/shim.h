#pragma once

// Linux's atomic exchange of two names. glibc declares renameat2 only to GNU sources.
int renameat2(int old_folder, const char *old_path, int new_folder, const char *new_path,
              unsigned int flags);

// Exchanges what two paths name, in one step; 0, or -1 with errno set.
static inline int roost_exchange(const char *left, const char *right) {
    const int current_folder = -100; // AT_FDCWD
    const unsigned int exchange = 2; // RENAME_EXCHANGE
    return renameat2(current_folder, left, current_folder, right, exchange);
}
