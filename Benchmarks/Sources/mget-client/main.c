// A raw client of Redis: MGET of random keys through hiredis, answers neither decoded nor copied.
// What any client of the same keys pays at least.
//
//   mget-client PORT PREFIX ENTITIES KEYS DEPTH SECONDS
//
// PREFIX: what the keys begin with, in hexadecimal digits; behind it 8 bytes of a number below
// ENTITIES, big-endian with the sign bit flipped. KEYS keys per MGET, DEPTH of them in flight.
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

int main(int count, char **words) {
    if (count != 7) return 2;
    const uint64_t entities = strtoull(words[3], NULL, 10);
    const int keys = atoi(words[4]), depth = atoi(words[5]);
    const double wanted = atof(words[6]);
    const size_t prefix = strlen(words[2]) / 2, length = prefix + 8;
    redisContext *redis = redisConnect("127.0.0.1", atoi(words[1]));
    if (!redis || redis->err) return 1;
    char *bytes = malloc(keys * length);
    const char **arguments = malloc((keys + 1) * sizeof(char *));
    size_t *lengths = malloc((keys + 1) * sizeof(size_t));
    arguments[0] = "MGET";
    lengths[0] = 4;
    for (int key = 0; key < keys; key++) {
        for (size_t index = 0; index < prefix; index++) {
            unsigned value;
            sscanf(words[2] + 2 * index, "%2x", &value);
            bytes[key * length + index] = (char)value;
        }
        arguments[key + 1] = bytes + key * length;
        lengths[key + 1] = length;
    }
    uint64_t found = 0, reads = 0;
    const double begin = seconds(), processor = processor_seconds();
    while (seconds() - begin < wanted) {
        for (int command = 0; command < depth; command++) {
            for (int key = 0; key < keys; key++) {
                const uint64_t entity = next_random() % entities ^ 1ull << 63;
                char *target = bytes + key * length + prefix;
                for (int index = 0; index < 8; index++) target[index] = entity >> (56 - 8 * index);
            }
            redisAppendCommandArgv(redis, keys + 1, arguments, lengths);
        }
        for (int command = 0; command < depth; command++) {
            redisReply *reply;
            if (redisGetReply(redis, (void **)&reply) != REDIS_OK) return 1;
            for (size_t index = 0; index < reply->elements; index++)
                if (reply->element[index]->type == REDIS_REPLY_STRING)
                    found += reply->element[index]->len;
            freeReplyObject(reply);
            reads++;
        }
    }
    const double elapsed = seconds() - begin;
    printf("{\"reads_per_s\": %.1f, \"cpu_us\": %.2f, \"bytes_per_read\": %.1f}\n",
           reads / elapsed, (processor_seconds() - processor) / reads * 1e6,
           (double)found / reads);
    return 0;
}
