// simdjson behind a C interface: no C++ exception leaves it.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct roost_json_parser roost_json_parser;

// A parser for one thread; NULL when there is no memory.
roost_json_parser *roost_json_parser_create(void);
void roost_json_parser_destroy(roost_json_parser *parser);

// How many bytes behind the text must be readable.
size_t roost_json_padding(void);

// Parses and validates `length` bytes, behind which roost_json_padding() more can be read.
// Returns 0 and the document's tape and strings, which live until the next call, or the number
// of an error.
int roost_json_parse(
    roost_json_parser *parser, const uint8_t *bytes, size_t length, const uint64_t **tape,
    const uint8_t **strings);

// What an error number means; static text.
const char *roost_json_error(int code);

// Writes the shortest text that reads as `value` again, with ".0" behind what would be an integer,
// at most 32 bytes, and returns its length. `value` must be finite.
size_t roost_json_write_double(double value, char *text);

#ifdef __cplusplus
}
#endif
