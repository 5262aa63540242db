/* The border compiles by itself, as C11 and as C++20, without a warning; see meson.build. */
#include <waggle/plugin.h>

int plugin_header_is_complete(void);
int plugin_header_is_complete(void) {
    const wg_str text = wg_make_str("text");
    const wg_value value = wg_string(text);
    return value.length == 4 && wg_bool(true).as.boolean && wg_double(1).kind == WG_DOUBLE ? 0 : 1;
}

int main(void) {
    return plugin_header_is_complete();
}
