#include "plugin/elf.hpp"

#include <array>
#include <bit>
#include <cstring>

#include <fmt/format.h>

namespace waggle::plugin {
namespace {

static_assert(std::endian::native == std::endian::little, "reads modules of this machine's order");

constexpr std::uint8_t class_32 = 1, class_64 = 2, data_little = 1;
constexpr std::uint16_t type_shared = 3;
constexpr std::uint32_t section_without_bytes = 8;  // SHT_NOBITS

constexpr std::uint8_t own_class = sizeof(void*) == 8 ? class_64 : class_32;
constexpr std::size_t address_size = sizeof(void*);
constexpr std::size_t header_size = own_class == class_64 ? 64 : 52;
constexpr std::size_t section_header_size = own_class == class_64 ? 64 : 40;

struct Machine {
    std::uint16_t id;
    std::string_view name;
};
constexpr std::array machines{
    Machine{3, "32-bit x86"},  Machine{8, "MIPS"},      Machine{20, "PowerPC"},
    Machine{21, "PowerPC 64"}, Machine{22, "S/390"},    Machine{40, "32-bit ARM"},
    Machine{62, "x86-64"},     Machine{183, "AArch64"}, Machine{243, "RISC-V"},
    Machine{258, "LoongArch"},
};

#if defined(__x86_64__)
constexpr std::uint16_t own_machine = 62;
#elif defined(__aarch64__)
constexpr std::uint16_t own_machine = 183;
#elif defined(__arm__)
constexpr std::uint16_t own_machine = 40;
#elif defined(__i386__)
constexpr std::uint16_t own_machine = 3;
#elif defined(__riscv)
constexpr std::uint16_t own_machine = 243;
#elif defined(__mips__)
constexpr std::uint16_t own_machine = 8;
#else
#error "add this machine's ELF number"
#endif

std::string machine_name(std::uint16_t id) {
    for (const auto& machine : machines)
        if (machine.id == id)
            return std::string(machine.name);
    return fmt::format("machine {}", id);
}

/// The identification octets: who the file is for [ELF header, e_ident].
Result<void> check_identity(ByteView file, std::string& problem) {
    if (file.size() < 16 || std::memcmp(file.data(), "\177ELF", 4) != 0) {
        problem = "is not a shared module (no ELF file); put a compiled plugin here, or remove it";
        return Errc::malformed;
    }
    if (file[4] != own_class) {
        problem = fmt::format(
            "is a {}-bit module and this Waggle is a {}-bit program; "
            "install the plugin's build for {}",
            file[4] == class_32 ? "32" : "64", own_class == class_32 ? "32" : "64",
            machine_name(own_machine));
        return Errc::mismatch;
    }
    if (file[5] != data_little) {
        problem =
            fmt::format("is built for a big-endian machine; install the plugin's build for {}",
                        machine_name(own_machine));
        return Errc::mismatch;
    }
    return {};
}

Result<void> check_kind(std::uint16_t type, std::uint16_t machine, std::string& problem) {
    if (machine != own_machine) {
        problem = fmt::format(
            "is built for {} and this Waggle runs on {}; "
            "install the plugin's build for {}",
            machine_name(machine), machine_name(own_machine), machine_name(own_machine));
        return Errc::mismatch;
    }
    if (type != type_shared) {
        problem = "is an ELF file but no shared module; build it with -shared";
        return Errc::malformed;
    }
    return {};
}

Errc damaged(std::string& problem) {
    problem = "is damaged or cut off; copy it again";
    return Errc::malformed;
}

std::optional<ByteView> slice(ByteView file, std::uint64_t offset, std::uint64_t size) noexcept {
    if (offset > file.size() || size > file.size() - offset)
        return std::nullopt;
    return file.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
}

}  // namespace

Result<Elf> Elf::parse(ByteView file, std::string& problem) {
    if (auto identity = check_identity(file, problem); !identity)
        return identity.error();
    if (file.size() < header_size)
        return damaged(problem);

    ByteReader in(file.subspan(16));
    const auto type = in.u16();
    const auto machine = in.u16();
    in.u32();                // version
    in.bytes(address_size);  // entry point
    in.bytes(address_size);  // program headers
    const auto table_offset = in.little_endian(address_size);
    in.bytes(4 + 2 + 2 + 2);  // flags, own size, program header size and count
    const auto entry_size = in.u16();
    const auto count = in.u16();
    const auto names_index = in.u16();
    if (auto kind = check_kind(type, machine, problem); !kind)
        return kind.error();

    Elf elf;
    elf.file_ = file;
    elf.count_ = count;
    elf.entry_size_ = entry_size;
    if (count == 0)
        return elf;  // stripped of its section headers: has no sections
    const auto headers = slice(file, table_offset, std::uint64_t{count} * entry_size);
    if (entry_size < section_header_size || !headers || names_index >= count)
        return damaged(problem);
    elf.headers_ = *headers;
    const auto names = elf.section_header(names_index);
    const auto name_bytes = slice(file, names.offset, names.size);
    if (!name_bytes)
        return damaged(problem);
    elf.names_ = *name_bytes;
    return elf;
}

Elf::Section Elf::section_header(std::size_t index) const noexcept {
    ByteReader in(headers_.subspan(index * entry_size_, section_header_size));
    Section section;
    section.name = in.u32();
    section.type = in.u32();
    in.bytes(2 * address_size);  // flags, address
    section.offset = in.little_endian(address_size);
    section.size = in.little_endian(address_size);
    return section;
}

Result<std::optional<ByteView>> Elf::section(std::string_view name) const {
    for (std::size_t index = 0; index < count_; ++index) {
        const auto header = section_header(index);
        if (header.name >= names_.size())
            continue;
        const auto rest = as_text(names_.subspan(header.name));
        if (rest.substr(0, rest.find('\0')) != name || header.type == section_without_bytes)
            continue;
        const auto contents = slice(file_, header.offset, header.size);
        if (!contents)
            return Errc::malformed;
        return std::optional(*contents);
    }
    return std::optional<ByteView>();
}

}  // namespace waggle::plugin
