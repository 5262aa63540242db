// Writes tests/unit/zigbee/vectors.json: what an installed zigbee-herdsman makes of frames and values,
// for the unit test that replays them against our codec in both directions.
//
//   npm install zigbee2mqtt
//   node tools/clusters/vectors.mjs node_modules > tests/unit/zigbee/vectors.json
//
// commands    each cluster command, with the values that turn its parameters' conditions on and off
// foundation  each foundation command
// attributes  what becomes of an attribute's value at and around its limits: kept, absent, refused
// values      each data type, ordinary values, the ends of its range, and its non-value
// definitions length and FNV-1a hash of the tables as zigbee2mqtt publishes them
//
// In the values an octet string is {"$hex": …}, a 56- or 64-bit integer {"$big": …}, NaN null.

import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const modules = resolve(process.argv[2] ?? 'node_modules');
const load = createRequire(modules + '/');
const { Zcl } = load('zigbee-herdsman');
const { BuffaloZcl } = load('zigbee-herdsman/dist/zspec/zcl/buffaloZcl');
const { stringify } = load('zigbee2mqtt/dist/util/stringify');
const { version } = load('zigbee-herdsman/package.json');
const { DataType, BuffaloZclDataType: Shape, Direction, FrameType } = Zcl;

const TO_SERVER = Direction.CLIENT_TO_SERVER;
const TO_CLIENT = Direction.SERVER_TO_CLIENT;

function plain(value) {
    if (Buffer.isBuffer(value)) return { $hex: value.toString('hex') };
    if (typeof value === 'bigint') return { $big: value.toString() };
    if (typeof value === 'number' && !Number.isFinite(value)) return Number.isNaN(value) ? null : String(value);
    if (Array.isArray(value)) return value.map(plain);
    if (value && typeof value === 'object')
        return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined).map(([k, v]) => [k, plain(v)]));
    return value;
}

// Ordinary samples; `n` makes neighbours differ.
const unsigned = (width, n) => (0x0102030405060708n * BigInt(n + 1)) & ((1n << BigInt(8 * width)) - 1n);
const WIDTHS = {};
for (let i = 0; i < 8; i++) {
    for (const first of ['DATA8', 'BITMAP8', 'UINT8']) WIDTHS[DataType[first] + i] = [i + 1, false];
    WIDTHS[DataType.INT8 + i] = [i + 1, true];
}
Object.assign(WIDTHS, {
    [DataType.BOOLEAN]: [1, false], [DataType.ENUM8]: [1, false], [DataType.ENUM16]: [2, false],
    [DataType.UTC]: [4, false], [DataType.CLUSTER_ID]: [2, false], [DataType.ATTR_ID]: [2, false],
    [DataType.BAC_OID]: [4, false],
});

function sample(type, n, parameter = {}) {
    if (type in WIDTHS) {
        const [width, signed] = WIDTHS[type];
        let value = unsigned(width, n);
        if (signed && n % 2) value = -(value >> 1n) - 1n;
        else if (signed) value >>= 1n;
        if (parameter.min !== undefined && value < BigInt(parameter.min)) value = BigInt(parameter.min);
        if (parameter.max !== undefined && value > BigInt(parameter.max)) value = BigInt(parameter.max);
        return width >= 7 ? value : Number(value);
    }
    switch (type) {
        case DataType.NO_DATA:
        case DataType.UNKNOWN: return 0;
        case DataType.SINGLE_PREC: return Math.fround(1.5 + n);
        case DataType.DOUBLE_PREC: return -0.1 * (n + 1);
        case DataType.CHAR_STR:
        case DataType.LONG_CHAR_STR: return ['Küche', '', 'plain ascii'][n % 3];
        case DataType.OCTET_STR:
        case DataType.LONG_OCTET_STR: return Buffer.from([0, 255, n]);
        case DataType.ARRAY:
        case DataType.SET:
        case DataType.BAG: return { elementType: DataType.UINT16, elements: [1, 0xfffe, n] };
        case DataType.STRUCT:
            return [{ elmType: DataType.UINT8, elmVal: n }, { elmType: DataType.CHAR_STR, elmVal: 'x' }];
        case DataType.TOD: return { hours: 23, minutes: 59, seconds: n, hundredths: Number.NaN };
        case DataType.DATE: return { year: 2024, month: 2, dayOfMonth: 29, dayOfWeek: 4 };
        case DataType.IEEE_ADDR: return '0x00158d000102030' + (n % 10);
        case DataType.SEC_KEY: return Buffer.from(Array.from({ length: 16 }, (_, i) => i * n));
        case Shape.LIST_UINT8: return [1, 2, 0xff];
        case Shape.LIST_UINT16: return [1, 0x0203, 0xffff];
        case Shape.LIST_UINT24: return [1, 0x020304, 0xffffff];
        case Shape.LIST_UINT32: return [1, 0x02030405, 0xffffffff];
        case Shape.LIST_ZONEINFO: return [1, 2, 3].map((zoneID) => ({ zoneID, zoneStatus: 0x0102 * zoneID }));
        case Shape.EXTENSION_FIELD_SETS:
            return [
                { clstId: 6, len: 1, extField: [1] },
                { clstId: 8, len: 1, extField: [254] },
                { clstId: 258, len: 2, extField: [10, 20] },
                { clstId: 768, len: 13, extField: [1, 2, 3, 4, 5, 6, 7, 8] },
            ];
        case Shape.LIST_THERMO_TRANSITIONS: return null; // depends on the mode: see thermostat()
        case Shape.BUFFER: return Buffer.from([1, 2, 3, n]);
        case Shape.LIST_TUYA_DATAPOINT_VALUES:
            return [
                { dp: 1, datatype: 1, data: Buffer.from([1]) },
                { dp: 2, datatype: 2, data: Buffer.from([0, 0, 1, 2]) },
                { dp: 3, datatype: 3, data: Buffer.alloc(0) },
            ];
        case Shape.LIST_MIBOXER_ZONES: return [{ groupId: 1, zoneNum: 2 }, { groupId: 0xfffe, zoneNum: 3 }];
        case Shape.BIG_ENDIAN_UINT24: return 0x010203;
    }
    throw new Error(`no sample of type ${type}`);
}

const COUNTED = [Shape.LIST_UINT8, Shape.LIST_UINT16, Shape.LIST_UINT24, Shape.LIST_UINT32, Shape.LIST_ZONEINFO];

// The values of one field that turn the conditions on it on and off.
function turning_points(command) {
    const points = new Map();
    for (const { name, conditions = [] } of command.parameters)
        for (const c of conditions) {
            const field = c.field ?? c.param;
            if (field === undefined) continue;
            const found = points.get(field) ?? points.set(field, new Set()).get(field);
            if (c.type === 'fieldEquals') [c.value, c.value + 1].forEach((v) => found.add(v));
            if (c.type === 'fieldGT') [c.value, c.value + 1].forEach((v) => found.add(v));
            if (c.type === 'bitMaskSet') [0, c.mask].forEach((v) => found.add(v));
            if (c.type === 'bitFieldEnum') found.add(c.value << c.offset);
        }
    return points;
}

function ordinary_payload(command) {
    const payload = {};
    command.parameters.forEach((p, i) => {
        if (p.name in payload) return;
        payload[p.name] = sample(p.type, i, p);
        if (COUNTED.includes(p.type) && i > 0) payload[command.parameters[i - 1].name] = payload[p.name].length;
    });
    if ('numoftrans' in payload) Object.assign(payload, thermostat(3));
    return payload;
}

function thermostat(mode) {
    const transitions = [60, 1439].map((transitionTime) => ({
        transitionTime,
        ...(mode & 1 ? { heatSetpoint: -2100 } : {}),
        ...(mode & 2 ? { coolSetpoint: 2600 } : {}),
    }));
    return { mode, numoftrans: transitions.length, transitions };
}

function* payloads(command) {
    const base = ordinary_payload(command);
    yield base;
    if ('numoftrans' in base) for (const mode of [0, 1, 2]) yield { ...base, ...thermostat(mode) };
    for (const [field, values] of turning_points(command)) for (const value of values) yield { ...base, [field]: value };
    const optional = command.parameters.filter((p) => p.conditions?.some((c) => c.type === 'minimumRemainingBufferBytes'));
    for (let i = optional.length; i-- > 0; ) {
        const cut = { ...base };
        optional.slice(i).forEach((p) => delete cut[p.name]);
        yield cut;
    }
}

function parsed(cluster, bytes) {
    const header = Zcl.Header.fromBuffer(bytes);
    return Zcl.Frame.fromBuffer(cluster.ID, header, bytes, {});
}

const left_out = [];
const commands = [];
for (const cluster of Object.values(Zcl.Clusters))
    for (const [direction, table] of [[TO_SERVER, cluster.commands], [TO_CLIENT, cluster.commandsResponse]])
        for (const command of Object.values(table)) {
            const seen = new Set();
            if (command.parameters.some((p) => p.type === Shape.GPD_FRAME)) continue; // see green_power()
            for (const payload of payloads(command)) {
                try {
                    const sent = Zcl.Frame.create(FrameType.SPECIFIC, direction, direction === TO_CLIENT,
                        cluster.manufacturerCode, 0x2a, command, cluster, payload, {});
                    const bytes = sent.toBuffer();
                    const hex = bytes.toString('hex');
                    if (seen.has(hex)) continue;
                    seen.add(hex);
                    const received = parsed(cluster, bytes);
                    const again = new Zcl.Frame(received.header, received.payload, cluster, received.command).toBuffer();
                    if (!again.equals(bytes)) throw new Error('its table reads other octets than it writes');
                    commands.push({ cluster: cluster.name, command: received.command.name, direction, hex, payload: plain(received.payload) });
                } catch (error) {
                    left_out.push(`${cluster.name}.${command.name}: ${error.message}`);
                }
            }
        }

// Green Power frames as devices and proxies send them, put together by hand [GPP 14-0563 A.3.3.4].
const GREEN_POWER = [
    ['notification', '012a00 0000 78563412 01000000 22 00'],
    ['notification', '012a00 0040 78563412 01000000 22 00 3412 c5'],
    ['notification', '012a00 0000 78563412 01000000 a0 06 0600 0000 10 01'],
    ['notification', '012a00 0000 78563412 01000000 a1 08 5f11 0600 0000 10 01'],
    ['notification', '012a00 0000 78563412 01000000 a2 0d 0600 0000 10 01 0204 0000 29 c409'],
    ['notification', '012a00 0000 78563412 01000000 a3 08 5f11 0600 0000 10 01'],
    ['notification', '012a00 0000 78563412 01000000 a4 06 00 0600 02 0000'],
    ['notification', '012a00 0000 78563412 01000000 a5 09 00 0600 05 0000 00 10 01'],
    ['notification', '012a00 0000 78563412 01000000 e3 01 85'],
    ['notification', '012a00 0000 78563412 01000000 10 03 010203'],
    ['notification', '012a00 0200 8877665544332211 02 01000000 22 00'],
    ['commissioningNotification', '012a04 0000 78563412 01000000 e0 02 02 00'],
    ['commissioningNotification',
        '012a04 0000 78563412 01000000 e0 1b 02 81 f2 000102030405060708090a0b0c0d0e0f 04030201 08070605'],
    ['commissioningNotification', '012a04 0008 78563412 01000000 e0 0a 02 04 07 3412 7856 02 20 21 3412 c5'],
    ['commissioningNotification', '012a04 0008 78563412 01000000 e0 0a 02 04 08 12 0600 0800 0003 3412 c5'],
    ['commissioningNotification', '012a04 0000 78563412 01000000 e0 06 02 04 10 02 03 01'],
    ['commissioningNotification', '012a04 0002 78563412 01000000 e0 02 04030201'],
];

function green_power() {
    const cluster = Zcl.Clusters.greenPower;
    const vectors = [];
    for (const [command, text] of GREEN_POWER) {
        const bytes = Buffer.from(text.replaceAll(' ', ''), 'hex');
        const payload = plain(parsed(cluster, bytes).payload);
        vectors.push({ cluster: cluster.name, command, direction: TO_SERVER, hex: bytes.toString('hex'), payload });
    }
    for (const gpdPayload of [
        { commandID: 0xf0, options: 0 },
        { commandID: 0xf0, options: 0x1b, panID: 0x1234, securityKey: sample(DataType.SEC_KEY, 3), keyMic: 0x01020304, frameCounter: 5 },
        { commandID: 0xf0, options: 0x1f, panID: 0x1234, securityKey: sample(DataType.SEC_KEY, 3), keyMic: 0x01020304, frameCounter: 5 },
        { commandID: 0xf3, operationalChannel: 4, basic: true },
        { commandID: 0xf4, buffer: Buffer.from([1, 2, 3]) },
    ]) {
        const payload = { options: 0, tempMaster: 0x0b0c, tempMasterTx: 4, srcID: 0x12345678, gpdCmd: gpdPayload.commandID, gpdPayload };
        const bytes = Zcl.Frame.create(FrameType.SPECIFIC, TO_CLIENT, true, undefined, 0x2a, 'response', cluster, payload, {}).toBuffer();
        vectors.push({ cluster: cluster.name, command: 'response', direction: TO_CLIENT, hex: bytes.toString('hex'), sent: plain(payload) });
    }
    return vectors;
}

const EVERY_TYPE = Object.values(DataType).filter((t) => typeof t === 'number' && t !== DataType.SEMI_PREC);
const ANALOG = EVERY_TYPE.filter((t) => Zcl.Utils.isAnalogDataType(t));
const typed = (dataType, n) => ({ dataType, attrData: sample(dataType, n) });

const FOUNDATION = {
    read: [[{ attrId: 0 }], [{ attrId: 0x0005 }, { attrId: 0xff22 }]],
    readRsp: [[
        ...EVERY_TYPE.map((t, i) => ({ attrId: i, status: 0, ...typed(t, i) })).slice(0, 20),
        { attrId: 0x1234, status: 0x86 },
    ]],
    write: [20, 30, 40].map((from) => EVERY_TYPE.slice(from, from + 10).map((t, i) => ({ attrId: i, ...typed(t, i) }))),
    writeUndiv: [[{ attrId: 1, ...typed(DataType.UINT8, 1) }]],
    writeRsp: [[{ status: 0 }], [{ status: 0x88, attrId: 1 }, { status: 0x86, attrId: 0xff22 }]],
    writeNoRsp: [[{ attrId: 1, ...typed(DataType.BITMAP64, 1) }]],
    configReport: [
        [
            ...ANALOG.map((t, i) => ({ direction: 0, attrId: i, dataType: t, minRepIntval: 1, maxRepIntval: 3600, repChange: sample(t, i) })).slice(0, 10),
            { direction: 0, attrId: 0, dataType: DataType.BOOLEAN, minRepIntval: 0, maxRepIntval: 0xffff },
            { direction: 1, attrId: 9, timeout: 300 },
        ],
        ANALOG.slice(10).map((t, i) => ({ direction: 0, attrId: i, dataType: t, minRepIntval: 1, maxRepIntval: 3600, repChange: sample(t, i) }))
            .filter((r) => r.dataType !== DataType.SEMI_PREC),
    ],
    configReportRsp: [[{ status: 0 }], [{ status: 0x8c, direction: 0, attrId: 5 }, { status: 0x86, direction: 1, attrId: 6 }]],
    readReportConfig: [[{ direction: 0, attrId: 5 }, { direction: 1, attrId: 6 }]],
    readReportConfigRsp: [[
        { status: 0, direction: 0, attrId: 0, dataType: DataType.INT16, minRepIntval: 1, maxRepIntval: 2, repChange: -3 },
        { status: 0, direction: 0, attrId: 1, dataType: DataType.ENUM8, minRepIntval: 1, maxRepIntval: 2 },
        { status: 0x8b, direction: 0, attrId: 2 },
        { status: 0, direction: 1, attrId: 3, timeout: 9 },
    ]],
    report: [[{ attrId: 0, ...typed(DataType.BOOLEAN, 0) }, { attrId: 0, dataType: DataType.BOOLEAN, attrData: 2 }]],
    defaultRsp: [{ cmdId: 2, statusCode: 0x87 }],
    discover: [{ startAttrId: 0x0102, maxAttrIds: 16 }],
    discoverRsp: [{ discComplete: 1, attrInfos: [{ attrId: 0, dataType: 0x20 }, { attrId: 0xff01, dataType: 0x42 }] }],
    readStructured: [[{ attrId: 1, selector: {} }, { attrId: 2, selector: { indexes: [1, 0x0203] } }]],
    writeStructured: [[{ attrId: 2, selector: { indexes: [3] }, dataType: DataType.UINT8, elementData: 7 }]],
    writeStructuredRsp: [[{ status: 0 }], [{ status: 0x8e, attrId: 2, selector: { indexes: [3] } }]],
    discoverCommands: [{ startCmdId: 1, maxCmdIds: 5 }],
    discoverCommandsRsp: [{ discComplete: 0, commandIds: [0, 1, 0x40] }],
    discoverCommandsGen: [{ startCmdId: 1, maxCmdIds: 5 }],
    discoverCommandsGenRsp: [{ discComplete: 1, commandIds: [7] }],
    discoverExt: [{ startAttrId: 3, maxAttrIds: 4 }],
    discoverExtRsp: [{ discComplete: 1, attrInfos: [{ attrId: 4, dataType: 0x21, access: 7 }] }],
};

const foundation = Object.entries(FOUNDATION).flatMap(([command, all]) => all.map((payload, i) => {
    const manufacturer = i % 2 ? 0x115f : undefined;
    const direction = /Rsp|report/.test(command) ? TO_CLIENT : TO_SERVER;
    const bytes = Zcl.Frame.create(FrameType.GLOBAL, direction, true, manufacturer, 0x51, command, 'genBasic', payload, {}).toBuffer();
    return { command, hex: bytes.toString('hex'), payload: plain(parsed(Zcl.Clusters.genBasic, bytes).payload) };
}));

function values_of(type) {
    const all = [0, 1, 2].map((n) => sample(type, n));
    if (type in WIDTHS) {
        const [width, signed] = WIDTHS[type];
        const bits = BigInt(8 * width);
        const ends = signed ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n, -1n] : [0n, (1n << bits) - 1n];
        all.push(...ends.map((v) => (width >= 7 ? v : Number(v))));
    }
    if (type === DataType.SINGLE_PREC || type === DataType.DOUBLE_PREC) all.push(Number.NaN, Infinity, -0);
    if (type === DataType.TOD) all.push({}, { hours: 0, minutes: 0, seconds: 0, hundredths: 0 });
    if (type === DataType.DATE) all.push({}, { year: 1900, month: 1, dayOfMonth: 1, dayOfWeek: 1 });
    if ([DataType.OCTET_STR, DataType.CHAR_STR, DataType.LONG_OCTET_STR, DataType.LONG_CHAR_STR, DataType.ARRAY, DataType.SET, DataType.BAG, DataType.STRUCT].includes(type))
        all.push(undefined);
    if (type === DataType.STRUCT) all.push([{ elmType: DataType.ARRAY, elmVal: { elementType: DataType.INT8, elements: [-1, 2] } }, { elmType: DataType.STRUCT, elmVal: [] }]);
    return all;
}

const values = EVERY_TYPE.flatMap((type) => values_of(type).map((value) => {
    const out = new BuffaloZcl(Buffer.alloc(250));
    out.write(type, value, {});
    const bytes = Buffer.from(out.getWritten());
    return { type, hex: bytes.toString('hex'), value: plain(new BuffaloZcl(bytes).read(type, {})) };
}));

function outcome(attribute, value) {
    try {
        return Number.isNaN(Zcl.Utils.processAttributePostRead(attribute, value)) ? 'absent' : 'kept';
    } catch {
        return 'refused';
    }
}

function limits_of(attribute) {
    const { type, min, max, default: initial, special = {} } = attribute;
    const values = new Set([min, max, initial, ...Object.keys(special).filter((k) => /^\d+$/.test(k)).map(Number)]);
    if (min !== undefined) values.add(min - 1);
    if (max !== undefined) values.add(max + 1);
    const [width, signed] = WIDTHS[type];
    const bits = 8 * width;
    values.add(signed ? -(2 ** (bits - 1)) : 2 ** bits - 1);
    const [lowest, highest] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
    return [...values].filter((v) => typeof v === 'number' && v >= lowest && v <= highest);
}

const attributes = Object.values(Zcl.Clusters).flatMap((cluster) => Object.values(cluster.attributes)
    .filter(({ type }) => type in WIDTHS && WIDTHS[type][0] < 7)
    .map((attribute) => {
        const result = { cluster: cluster.name, attribute: attribute.name, kept: [], absent: [], refused: [] };
        for (const value of limits_of(attribute)) result[outcome(attribute, value)].push(value);
        return result;
    }));

function fnv1a(text) {
    let hash = 0xcbf29ce484222325n;
    for (const octet of Buffer.from(text)) hash = ((hash ^ BigInt(octet)) * 0x100000001b3n) & 0xffffffffffffffffn;
    return hash.toString(16);
}

const published = stringify(Zcl.Clusters);
const lines = (list) => `[\n${list.map((entry) => '    ' + JSON.stringify(entry)).join(',\n')}\n  ]`;
process.stdout.write(`{
  "source": "zigbee-herdsman ${version}",
  "definitions": ${JSON.stringify({ length: published.length, fnv1a: fnv1a(published) })},
  "attributes": ${lines(attributes)},
  "values": ${lines(values)},
  "foundation": ${lines(foundation)},
  "commands": ${lines([...commands, ...green_power()])}
}
`);
for (const line of left_out) process.stderr.write(`left out: ${line}\n`);
