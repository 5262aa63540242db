#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

/// Just enough of ELF to find a section by name in a shared module of this machine, without
/// trusting one byte of it. libelf and dlopen were rejected: the first is a dependency for a page
/// of code, the second runs the module's constructors. [System V ABI, chapter 4: ELF header,
/// sections]
namespace waggle::plugin {

class Elf {
  public:
    /// Views `file`, which must outlive it. `problem` is one sentence without the file's name.
    /// Errc::malformed: no ELF shared module, or cut off. Errc::mismatch: not for this machine.
    [[nodiscard]] static Result<Elf> parse(ByteView file, std::string& problem);

    /// Contents of the first section with this name; nothing when there is none, Errc::malformed
    /// when the file is too short to hold what its header promises.
    [[nodiscard]] Result<std::optional<ByteView>> section(std::string_view name) const;

  private:
    struct Section {
        std::uint32_t name = 0, type = 0;
        std::uint64_t offset = 0, size = 0;
    };
    Section section_header(std::size_t index) const noexcept;

    ByteView file_;
    ByteView headers_;  ///< the section header table
    ByteView names_;    ///< the section name string table
    std::size_t count_ = 0, entry_size_ = 0;
};

}  // namespace waggle::plugin
