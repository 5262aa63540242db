#include "app/memory.hpp"

#include <charconv>
#include <fstream>
#include <malloc.h>
#include <string>
#include <string_view>

#include <sys/mman.h>

namespace waggle::app {
namespace {

/// "7f12a000-7f13b000 r-xp 00001000 fd:01 1234 /usr/lib/…": code of a file that nobody writes to.
/// Relocated data is mapped without the x, and must stay: its pages are not those of the file.
bool is_code(std::string_view rest) {
    return rest.starts_with("r-xp ") && rest.find(" /") != rest.npos;
}

bool parse_range(std::string_view line, AddressRange& range, std::string_view& rest) {
    constexpr int hexadecimal = 16;
    const char* end = line.data() + line.size();
    const auto begin = std::from_chars(line.data(), end, range.begin, hexadecimal);
    if (begin.ec != std::errc() || begin.ptr == end || *begin.ptr != '-')
        return false;
    const auto finish = std::from_chars(begin.ptr + 1, end, range.end, hexadecimal);
    if (finish.ec != std::errc() || finish.ptr == end || *finish.ptr != ' ')
        return false;
    rest = line.substr(static_cast<std::size_t>(finish.ptr + 1 - line.data()));
    return range.begin < range.end;
}

}  // namespace

void keep_memory_small() {
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 64 * 1024);
    mallopt(M_TRIM_THRESHOLD, 64 * 1024);
}

std::vector<AddressRange> code_ranges(std::istream& maps) {
    std::vector<AddressRange> ranges;
    for (std::string line; std::getline(maps, line);) {
        AddressRange range;
        std::string_view rest;
        if (parse_range(line, range, rest) && is_code(rest))
            ranges.push_back(range);
    }
    return ranges;
}

void give_back_memory() {
    malloc_trim(0);
    std::ifstream maps("/proc/self/maps");
    for (const auto& range : code_ranges(maps))
        madvise(reinterpret_cast<void*>(range.begin), range.end - range.begin, MADV_DONTNEED);
}

}  // namespace waggle::app
