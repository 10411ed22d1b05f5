// The part of XGBoost's C interface that is the same in 1.7 and 3.x, as a table of functions
// that is filled when it is first needed. Nothing links against the library, so that commands
// which do not train start without it.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef void *xgboost_handle;
typedef int xgboost_next(void *iterator);
typedef void xgboost_reset(void *iterator);

typedef struct xgboost_functions {
    void (*version)(int *major, int *minor, int *patch);
    const char *(*last_error)(void);

    int (*matrix_from_dense)(const char *data, const char *config, xgboost_handle *out);
    int (*matrix_from_batches)(
        void *iterator, xgboost_handle proxy, xgboost_handle reference, xgboost_reset *reset,
        xgboost_next *next, const char *config, xgboost_handle *out);
    int (*matrix_free)(xgboost_handle matrix);
    int (*matrix_set_info)(xgboost_handle matrix, const char *field, const char *data);
    int (*matrix_row_count)(xgboost_handle matrix, uint64_t *out);
    int (*proxy_create)(xgboost_handle *out);
    int (*proxy_set_dense)(xgboost_handle proxy, const char *data);

    int (*booster_create)(
        const xgboost_handle matrices[], uint64_t count, xgboost_handle *out);
    int (*booster_free)(xgboost_handle booster);
    int (*booster_set)(xgboost_handle booster, const char *name, const char *value);
    int (*booster_update)(xgboost_handle booster, int round, xgboost_handle matrix);
    int (*booster_evaluate)(
        xgboost_handle booster, int round, xgboost_handle matrices[], const char *names[],
        uint64_t count, const char **out);
    int (*booster_slice)(
        xgboost_handle booster, int begin, int end, int step, xgboost_handle *out);
    int (*booster_predict_dense)(
        xgboost_handle booster, const char *values, const char *config, xgboost_handle proxy,
        const uint64_t **out_shape, uint64_t *out_dimensions, const float **out_values);
    int (*booster_save)(
        xgboost_handle booster, const char *config, uint64_t *out_count, const char **out_bytes);
    int (*booster_load)(xgboost_handle booster, const void *bytes, uint64_t count);
    int (*booster_scores)(
        xgboost_handle booster, const char *config, uint64_t *out_count,
        const char ***out_names, uint64_t *out_dimensions, const uint64_t **out_shape,
        const float **out_values);
} xgboost_functions;

// Opens the shared library `path` and fills `table`. Returns null, or why it failed; the text
// is valid until the next call on the same thread.
const char *xgboost_open(const char *path, xgboost_functions *table);
