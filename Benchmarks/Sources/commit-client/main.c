// What committing states costs Redis and a client of it: in batches with a checkpoint that is watched,
// read and written with the states, or as plain MSETs.
//
//   commit-client PORT fenced|plain ENTITIES BATCH BYTES SECONDS
//
// BATCH random keys below ENTITIES per commit, values of BYTES bytes.
#include <hiredis/hiredis.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static double seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static double processor_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static uint64_t state = 88172645463325252u;

static uint64_t next_random(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

// Takes `count` answers; the last one must not be nil or an error.
static void expect(redisContext *redis, int count) {
    for (int index = 0; index < count; index++) {
        redisReply *reply;
        if (redisGetReply(redis, (void **)&reply) != REDIS_OK) exit(1);
        if (reply->type == REDIS_REPLY_ERROR) exit(1);
        if (index == count - 1 && reply->type == REDIS_REPLY_NIL) exit(1);
        freeReplyObject(reply);
    }
}

int main(int count, char **words) {
    if (count != 7) return 2;
    const int is_fenced = strcmp(words[2], "fenced") == 0;
    const uint64_t entities = strtoull(words[3], NULL, 10);
    const int batch = atoi(words[4]), size = atoi(words[5]);
    const double wanted = atof(words[6]);
    redisContext *redis = redisConnect("127.0.0.1", atoi(words[1]));
    if (!redis || redis->err) return 1;
    enum { KEY = 32 };
    const int total = 1 + 2 * batch + (is_fenced ? 2 : 0);
    char *keys = malloc(batch * KEY), *value = calloc(1, size), *checkpoint = calloc(1, 33);
    const char **arguments = malloc(total * sizeof(char *));
    size_t *lengths = malloc(total * sizeof(size_t));
    arguments[0] = "MSET";
    lengths[0] = 4;
    if (is_fenced) {
        arguments[total - 2] = "r1c:{0}:1:0";
        lengths[total - 2] = 11;
        arguments[total - 1] = checkpoint;
        lengths[total - 1] = 33;
    }
    uint64_t commits = 0;
    redisAppendCommand(redis, "SET r1c:{0}:1:0 %b", checkpoint, (size_t)33);
    expect(redis, 1);
    const double begin = seconds(), processor = processor_seconds();
    while (seconds() - begin < wanted) {
        for (int index = 0; index < batch; index++) {
            char *key = keys + index * KEY;
            arguments[1 + 2 * index] = key;
            lengths[1 + 2 * index] = sprintf(
                key, "r1:{0}:1:%08llu", (unsigned long long)(next_random() % entities));
            arguments[2 + 2 * index] = value;
            lengths[2 + 2 * index] = size;
        }
        if (is_fenced) {
            redisAppendCommand(redis, "WATCH r1c:{0}:1:0");
            redisAppendCommand(redis, "GET r1c:{0}:1:0");
            expect(redis, 2);
            redisAppendCommand(redis, "MULTI");
        }
        redisAppendCommandArgv(redis, total, arguments, lengths);
        if (is_fenced) redisAppendCommand(redis, "EXEC");
        expect(redis, is_fenced ? 3 : 1);
        commits++;
    }
    const double elapsed = seconds() - begin, states = (double)commits * batch;
    printf("{\"states\": %.0f, \"states_per_s\": %.1f, \"cpu_us\": %.3f}\n", states,
           states / elapsed, (processor_seconds() - processor) / states * 1e6);
    return 0;
}
