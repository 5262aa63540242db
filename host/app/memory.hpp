#pragma once

#include <cstdint>
#include <istream>
#include <vector>

/// How the process keeps its memory small: it runs for years, and its start is a second of it.
namespace waggle::app {

/// One arena, because one thread allocates; and large blocks (the documents of the bridge) go back
/// to the system when they are freed. glibc would otherwise learn from the first large block and
/// keep every later one. Before the first allocation that counts.
void keep_memory_small();

struct AddressRange {
    std::uintptr_t begin = 0, end = 0;
    bool operator==(const AddressRange&) const = default;
};

/// Where code of files is mapped.
/// @param maps  as in /proc/self/maps; lines of another form are passed over
std::vector<AddressRange> code_ranges(std::istream& maps);

/// Gives back what only the start needed: free blocks of the heap, and the pages of code. They stay in
/// the page cache while there is room, and what is still needed comes from there when it runs next; what
/// parsed the configuration, built definitions and wrote the first documents does not come back.
void give_back_memory();

}  // namespace waggle::app
