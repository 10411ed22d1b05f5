#include "CXGBoost.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static _Thread_local char message[256];

static const char *missing(const char *symbol) {
    snprintf(message, sizeof message, "it has no function %s", symbol);
    return message;
}

const char *xgboost_open(const char *path, xgboost_functions *table) {
    // Threads of OpenMP that wait for each other by spinning cost a busy machine three times the
    // training itself; the setting is read once, when the library is opened.
    setenv("OMP_WAIT_POLICY", "passive", 0);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        snprintf(message, sizeof message, "%s", dlerror());
        return message;
    }
    const struct {
        const char *symbol;
        void *slot;
    } functions[] = {
        {"XGBoostVersion", &table->version},
        {"XGBGetLastError", &table->last_error},
        {"XGDMatrixCreateFromDense", &table->matrix_from_dense},
        {"XGQuantileDMatrixCreateFromCallback", &table->matrix_from_batches},
        {"XGDMatrixFree", &table->matrix_free},
        {"XGDMatrixSetInfoFromInterface", &table->matrix_set_info},
        {"XGDMatrixNumRow", &table->matrix_row_count},
        {"XGProxyDMatrixCreate", &table->proxy_create},
        {"XGProxyDMatrixSetDataDense", &table->proxy_set_dense},
        {"XGBoosterCreate", &table->booster_create},
        {"XGBoosterFree", &table->booster_free},
        {"XGBoosterSetParam", &table->booster_set},
        {"XGBoosterUpdateOneIter", &table->booster_update},
        {"XGBoosterEvalOneIter", &table->booster_evaluate},
        {"XGBoosterSlice", &table->booster_slice},
        {"XGBoosterPredictFromDense", &table->booster_predict_dense},
        {"XGBoosterSaveModelToBuffer", &table->booster_save},
        {"XGBoosterLoadModelFromBuffer", &table->booster_load},
        {"XGBoosterFeatureScore", &table->booster_scores},
    };
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *function = dlsym(library, functions[i].symbol);
        if (!function) {
            const char *text = missing(functions[i].symbol);
            dlclose(library);
            return text;
        }
        *(void **)functions[i].slot = function;
    }
    return NULL;
}
