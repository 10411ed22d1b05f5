#include "roost_json.h"

#include <charconv>
#include <new>
#include <simdjson.h>

struct roost_json_parser {
    simdjson::dom::parser parser;
};

extern "C" {

roost_json_parser *roost_json_parser_create(void) {
    try {
        return new roost_json_parser();
    } catch (...) {
        return nullptr;
    }
}

void roost_json_parser_destroy(roost_json_parser *parser) { delete parser; }

size_t roost_json_padding(void) { return simdjson::SIMDJSON_PADDING; }

int roost_json_parse(
    roost_json_parser *parser, const uint8_t *bytes, size_t length, const uint64_t **tape,
    const uint8_t **strings) {
    try {
        auto error = parser->parser.parse(bytes, length, false).error();
        if (error) return static_cast<int>(error);
        *tape = parser->parser.doc.tape.get();
        *strings = parser->parser.doc.string_buf.get();
        return 0;
    } catch (...) {
        return static_cast<int>(simdjson::MEMALLOC);
    }
}

const char *roost_json_error(int code) {
    return simdjson::error_message(static_cast<simdjson::error_code>(code));
}

size_t roost_json_write_double(double value, char *text) {
    auto end = std::to_chars(text, text + 32, value).ptr;
    for (auto byte = text; byte < end; ++byte)
        if (*byte == '.' || *byte == 'e') return static_cast<size_t>(end - text);
    *end++ = '.';
    *end++ = '0';
    return static_cast<size_t>(end - text);
}
}
