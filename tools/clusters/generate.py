#!/usr/bin/env python3
"""Turns clusters.json into constant-initialised C++ tables and the text of bridge/definitions.

    generate.py clusters.json OUT_DIR

writes cluster_attributes.cpp, cluster_commands.cpp, cluster_tables.cpp and cluster_definitions.cpp.
Nothing in them runs at start-up. Several files, because they compile side by side.
"""

import json
import sys
from pathlib import Path

PARAMETER_KINDS = {  # number of zigbee-herdsman's special types: (ParameterKind, type of an element)
    1001: ('list_u8', 0x20),
    1002: ('list_u16', 0x21),
    1003: ('list_u24', 0x22),
    1004: ('list_u32', 0x23),
    1005: ('list_zone_info', 0x4C),
    1006: ('list_extension_fields', 0x4C),
    1007: ('list_thermostat_transitions', 0x4C),
    1008: ('buffer_rest', 0x41),
    1009: ('gpd_frame', 0x41),
    1010: ('structured_selector', 0x21),
    1011: ('list_tuya_datapoints', 0x4C),
    1012: ('list_miboxer_zones', 0x4C),
    1013: ('big_endian_u24', 0x22),
    1014: ('mi_struct', 0x4C),
}

CONDITION_KINDS = {
    'minimumRemainingBufferBytes': 'minimum_bytes_left',
    'bitMaskSet': 'bitmask_set',
    'bitFieldEnum': 'bitfield_enum',
    'fieldEquals': 'field_equals',
    'fieldGT': 'field_greater',
}

HEADER = '// Generated from clusters.json by tools/clusters/generate.py.\n' \
         '#include "zigbee/cluster_tables.hpp"\n\nnamespace waggle::zcl {\n\n'
FOOTER = '\n}  // namespace waggle::zcl\n'


def quoted(text):
    """A C++ string literal; names are plain ASCII."""
    assert all(' ' <= c <= '~' for c in text), text
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"') + '"'


def data_type(number):
    return f'DataType{{{number:#04x}}}'


def non_value(number):
    """The reserved number of a data type, None where it has none."""
    if 0x20 <= number <= 0x27:
        return (1 << 8 * (number - 0x1F)) - 1
    if 0x28 <= number <= 0x2F:
        return -(1 << (8 * (number - 0x27) - 1))
    return {0x10: 0xFF, 0x30: 0xFF, 0x31: 0xFFFF, 0xE0: 0xFFFFFFFF, 0xE1: 0xFFFFFFFF,
            0xE2: 0xFFFFFFFF, 0xE8: 0xFFFF, 0xE9: 0xFFFF, 0xEA: 0xFFFFFFFF}.get(number)


class Pool:
    """Arrays that several definitions share, each written once."""

    def __init__(self, prefix, element_type):
        self.prefix, self.type, self.names = prefix, element_type, {}

    def name(self, elements):
        if not elements:
            return '{}'
        return self.names.setdefault(tuple(elements), f'{self.prefix}_{len(self.names)}')

    def text(self):
        return ''.join(f'constexpr {self.type} {name}[] = {{{", ".join(elements)}}};\n'
                       for elements, name in self.names.items())


class Limits:
    def __init__(self):
        self.valid, self.names = Pool('always_valid', 'double'), {}

    def pointer(self, attribute):
        minimum, maximum = attribute.get('min'), attribute.get('max')
        shortest = attribute.get('length', attribute.get('minLen'))
        longest = attribute.get('length', attribute.get('maxLen'))
        default, special = attribute.get('default'), attribute.get('special', {})
        valid = {int(text) for text in special if text.isdigit()}
        if isinstance(default, int):
            valid.add(default)
        reserved = non_value(attribute['type'])
        ordinary = reserved is not None and reserved in valid | {minimum, maximum}
        restricted = any(limit is not None for limit in (minimum, maximum, shortest, longest))
        if not restricted and not ordinary:
            return 'nullptr'
        show = lambda limit: '{}' if limit is None else str(limit)
        number = lambda limit: '{}' if limit is None else f'{limit}.0'
        entry = (f'{number(minimum)}, {number(maximum)}, {show(shortest)}, {show(longest)}, '
                 f'{self.valid.name([f"{v}.0" for v in sorted(valid)])}, '
                 f'{"true" if ordinary else "false"}')
        return '&' + self.names.setdefault(entry, f'limits_{len(self.names)}')

    def text(self):
        return self.valid.text() + ''.join(
            f'constexpr AttributeLimits {name}{{{entry}}};\n' for entry, name in self.names.items())


def attributes_file(clusters):
    limits, tables = Limits(), []
    for index, cluster in enumerate(clusters):
        rows = sorted(cluster['attributes'].values(), key=lambda a: a['ID'])  # keeps the order of equals
        if not rows:
            continue
        lines = []
        for a in rows:
            flags = ', '.join('true' if flag else 'false' for flag in
                              (a.get('write'), a.get('read', True), a.get('report')))
            lines.append(f'    {{{a["ID"]:#06x}, {data_type(a["type"])}, {a.get("manufacturerCode", 0)}, '
                         f'{quoted(a["name"])}, {flags}, {limits.pointer(a)}}},\n')
        tables.append(f'extern constinit const AttributeDefinition attributes_{index}[{len(rows)}] = {{\n'
                      f'{"".join(lines)}}};\n')
    return f'{HEADER}namespace {{\n{limits.text()}}}  // namespace\n\n' + tables_namespace(tables)


def tables_namespace(tables):
    return 'namespace tables {\n\n' + '\n'.join(tables) + '\n}  // namespace tables\n' + FOOTER


def condition(entry):
    field = entry.get('field', entry.get('param', ''))
    return (f'{{ParameterCondition::Kind::{CONDITION_KINDS[entry["type"]]}, '
            f'{"true" if entry.get("reversed") else "false"}, {entry.get("offset", 0)}, '
            f'{entry.get("size", 0)}, {quoted(field)}, {entry.get("mask", 0)}, {entry.get("value", 0)}}}')


def parameter(entry, conditions):
    kind, element = PARAMETER_KINDS.get(entry['type'], ('value', entry['type']))
    return (f'{{{quoted(entry["name"])}, {data_type(element)}, ParameterKind::{kind}, '
            f'{conditions.name([condition(c) for c in entry.get("conditions", [])])}}}')


def commands_file(clusters):
    conditions = Pool('conditions', 'ParameterCondition')
    parameters = Pool('parameters', 'ParameterDefinition')
    tables = []
    for index, cluster in enumerate(clusters):
        for key, name in (('commands', 'commands'), ('commandsResponse', 'responses')):
            rows = sorted(cluster[key].values(), key=lambda c: c['ID'])
            if not rows:
                continue
            lines = []
            for c in rows:
                response = c.get('response')
                lines.append(
                    f'    {{{c["ID"]:#04x}, {quoted(c["name"])}, '
                    f'{"std::nullopt" if response is None else f"{response:#04x}"}, '
                    f'{c.get("manufacturerCode", 0)}, '
                    f'{parameters.name([parameter(p, conditions) for p in c["parameters"]])}}},\n')
            tables.append(f'extern constinit const CommandDefinition {name}_{index}[{len(rows)}] = {{\n'
                          f'{"".join(lines)}}};\n')
    return (f'{HEADER}namespace {{\n{conditions.text()}\n{parameters.text()}}}  // namespace\n\n'
            + tables_namespace(tables))


def tables_file(clusters):
    declarations, rows = [], []
    for index, cluster in enumerate(clusters):
        spans = []
        for key, kind, name in (('attributes', 'AttributeDefinition', 'attributes'),
                                ('commands', 'CommandDefinition', 'commands'),
                                ('commandsResponse', 'CommandDefinition', 'responses')):
            if cluster[key]:
                declarations.append(f'extern const {kind} {name}_{index}[{len(cluster[key])}];\n')
            spans.append(f'{name}_{index}' if cluster[key] else '{}')
        rows.append(f'    {{{cluster["ID"]:#06x}, {cluster.get("manufacturerCode", 0)}, '
                    f'{quoted(cluster["name"])}, {", ".join(spans)}}},\n')
    count = len(clusters)
    by_id = sorted(range(count), key=lambda i: clusters[i]['ID'])
    by_name = sorted(range(count), key=lambda i: clusters[i]['name'])
    listed = lambda order: ', '.join(map(str, order))
    body = (''.join(declarations)
            + f'\nconstinit const ClusterDefinition clusters[{count}] = {{\n{"".join(rows)}}};\n'
            + f'constinit const std::span<const ClusterDefinition> all{{clusters}};\n\n'
            + f'constinit const std::uint16_t by_id[{count}] = {{{listed(by_id)}}};\n'
            + f'constinit const std::span<const std::uint16_t> in_order_of_id{{by_id}};\n\n'
            + f'constinit const std::uint16_t by_name[{count}] = {{{listed(by_name)}}};\n'
            + f'constinit const std::span<const std::uint16_t> in_order_of_name{{by_name}};\n')
    return HEADER + tables_namespace([body])


def definitions_file(document):
    text = json.dumps(document['clusters'], sort_keys=True, separators=(',', ':'), ensure_ascii=False)
    assert text.isascii()
    size = 2000
    pieces = [text[i:i + size] for i in range(0, len(text), size)]
    lines = ''.join(f'    {quoted(piece)}\n' for piece in pieces)
    return (HEADER + '#pragma GCC diagnostic ignored "-Woverlength-strings"\n\n'
            + 'std::string_view definitions_json() noexcept {\n    static constexpr char text[] =\n'
            + lines + ';\n    return {text, sizeof text - 1};\n}\n' + FOOTER)


def main():
    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    document = json.loads(source.read_text())
    clusters = list(document['clusters'].values())
    files = {'attributes': attributes_file(clusters), 'commands': commands_file(clusters),
             'tables': tables_file(clusters), 'definitions': definitions_file(document)}
    for name, text in files.items():
        (out / f'cluster_{name}.cpp').write_text(text)


if __name__ == '__main__':
    main()
